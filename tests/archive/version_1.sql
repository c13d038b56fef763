BEGIN TRANSACTION;
CREATE TABLE ews_alarm (
	site INTEGER NOT NULL, 
	id BIGINT NOT NULL, 
	at DOUBLE NOT NULL, 
	data TEXT NOT NULL, 
	PRIMARY KEY (site, id)
)
 WITHOUT ROWID

;
INSERT INTO "ews_alarm" VALUES(1,1,1767222000.0,'{"text": "on"}');
CREATE TABLE ews_charge (
	site INTEGER NOT NULL, 
	day BIGINT NOT NULL, 
	charge TEXT NOT NULL, 
	commodity TEXT NOT NULL, 
	name TEXT NOT NULL, 
	cost TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	PRIMARY KEY (site, day, charge)
)
 WITHOUT ROWID

;
INSERT INTO "ews_charge" VALUES(1,1767222000,'meter','electricity','Meter','0.5','EUR');
CREATE TABLE ews_day (
	start BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	estimated BIGINT NOT NULL, 
	meter INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	rate INTEGER NOT NULL, 
	PRIMARY KEY (meter, start, place, rate)
)
 WITHOUT ROWID

;
INSERT INTO "ews_day" VALUES(1767222000,100,0,1,1,1);
INSERT INTO "ews_day" VALUES(1767222000,1,0,1,2,2);
INSERT INTO "ews_day" VALUES(1767222000,6,0,1,2,3);
CREATE TABLE ews_device (
	id INTEGER NOT NULL, 
	site INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	number INTEGER, 
	PRIMARY KEY (id), 
	UNIQUE (site, "key"), 
	UNIQUE (site, number)
);
INSERT INTO "ews_device" VALUES(1,1,'mains',1);
CREATE TABLE ews_hour (
	start BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	estimated BIGINT NOT NULL, 
	meter INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	rate INTEGER NOT NULL, 
	PRIMARY KEY (meter, start, place, rate)
)
 WITHOUT ROWID

;
INSERT INTO "ews_hour" VALUES(1767222000,100,0,1,1,1);
INSERT INTO "ews_hour" VALUES(1767222000,1,0,1,2,2);
INSERT INTO "ews_hour" VALUES(1767222000,6,0,1,2,3);
CREATE TABLE ews_interval (
	start BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	meter INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	seconds INTEGER NOT NULL, 
	estimated BOOLEAN NOT NULL, 
	rate INTEGER NOT NULL, 
	PRIMARY KEY (start, meter)
)
 WITHOUT ROWID

;
INSERT INTO "ews_interval" VALUES(1767222000,100,1,1,600,0,1);
INSERT INTO "ews_interval" VALUES(1767222600,7,1,2,600,0,-1);
CREATE TABLE ews_layout (
	id INTEGER NOT NULL, 
	names TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (names)
);
INSERT INTO "ews_layout" VALUES(1,'["voltage_1"]');
CREATE TABLE ews_meter (
	id INTEGER NOT NULL, 
	device INTEGER NOT NULL, 
	quantity TEXT NOT NULL, 
	until BIGINT, 
	level BIGINT, 
	PRIMARY KEY (id), 
	UNIQUE (device, quantity)
);
INSERT INTO "ews_meter" VALUES(1,1,'energy_import',1767223200,107);
CREATE TABLE ews_month (
	start BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	estimated BIGINT NOT NULL, 
	meter INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	rate INTEGER NOT NULL, 
	PRIMARY KEY (meter, start, place, rate)
)
 WITHOUT ROWID

;
INSERT INTO "ews_month" VALUES(1767222000,100,0,1,1,1);
INSERT INTO "ews_month" VALUES(1767222000,1,0,1,2,2);
INSERT INTO "ews_month" VALUES(1767222000,6,0,1,2,3);
CREATE TABLE ews_part (
	start BIGINT NOT NULL, 
	meter INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	rate INTEGER NOT NULL, 
	PRIMARY KEY (start, meter, at)
)
 WITHOUT ROWID

;
INSERT INTO "ews_part" VALUES(1767222600,1,1767222600,1,2);
INSERT INTO "ews_part" VALUES(1767222600,1,1767222900,6,3);
CREATE TABLE ews_place (
	id INTEGER NOT NULL, 
	site INTEGER NOT NULL, 
	commodity TEXT NOT NULL, 
	load TEXT NOT NULL, 
	groups TEXT NOT NULL, 
	counted BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (site, commodity, load, groups, counted)
);
INSERT INTO "ews_place" VALUES(1,1,'electricity','heating','["east"]',1);
INSERT INTO "ews_place" VALUES(2,1,'electricity','','[]',1);
CREATE TABLE ews_place_group (
	place INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	PRIMARY KEY (place, "key")
)
 WITHOUT ROWID

;
INSERT INTO "ews_place_group" VALUES(1,'east');
CREATE TABLE ews_rate (
	id INTEGER NOT NULL, 
	site INTEGER NOT NULL, 
	tariff TEXT NOT NULL, 
	name TEXT NOT NULL, 
	price TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (site, tariff, name, price, currency)
);
INSERT INTO "ews_rate" VALUES(1,1,'day','Day','0.2','EUR');
INSERT INTO "ews_rate" VALUES(2,1,'day','Day','0.23','EUR');
INSERT INTO "ews_rate" VALUES(3,1,'night','Night','0.123456','EUR');
CREATE TABLE ews_sample (
	start BIGINT NOT NULL, 
	device INTEGER NOT NULL, 
	seconds INTEGER NOT NULL, 
	layout INTEGER NOT NULL, 
	packed BLOB NOT NULL, 
	PRIMARY KEY (device, start)
)
 WITHOUT ROWID

;
INSERT INTO "ews_sample" VALUES(1767222000,1,600,1,X'000066430000654300006743');
CREATE TABLE ews_schema (
	version INTEGER NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "ews_schema" VALUES(1);
CREATE TABLE ews_site (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	zone TEXT NOT NULL, 
	intervals BIGINT DEFAULT '0' NOT NULL, 
	samples BIGINT DEFAULT '0' NOT NULL, 
	last_interval BIGINT, 
	kept_since BIGINT, 
	zone_since BIGINT, 
	PRIMARY KEY (id), 
	UNIQUE ("key")
);
INSERT INTO "ews_site" VALUES(1,'home','Europe/Paris',2,1,1767223200,NULL,NULL);
CREATE INDEX ix_ews_alarm_at ON ews_alarm (at);
CREATE VIEW ews_intervals AS
    SELECT s.key AS site, d.key AS device, m.quantity, p.commodity, NULLIF(p.load, '') AS load, p.groups, p.counted,
           i.start, i.seconds, i.amount, i.estimated
    FROM ews_interval i
    JOIN ews_meter m ON m.id = i.meter JOIN ews_device d ON d.id = m.device
    JOIN ews_place p ON p.id = i.place JOIN ews_site s ON s.id = d.site;
CREATE VIEW ews_costs AS
    SELECT s.key AS site, d.key AS device, m.quantity, p.commodity, NULLIF(p.load, '') AS load, p.groups, p.counted,
           i.start, COALESCE(c.at, i.start) AS part_start, COALESCE(c.amount, i.amount) AS amount, i.estimated,
           r.tariff, r.name AS tariff_name, r.price, r.currency
    FROM ews_interval i
    JOIN ews_meter m ON m.id = i.meter JOIN ews_device d ON d.id = m.device
    JOIN ews_place p ON p.id = i.place JOIN ews_site s ON s.id = d.site
    LEFT JOIN ews_part c ON c.start = i.start AND c.meter = i.meter
    LEFT JOIN ews_rate r ON r.id = COALESCE(c.rate, i.rate);
CREATE VIEW ews_hours AS
    SELECT s.key AS site, d.key AS device, m.quantity, p.commodity, NULLIF(p.load, '') AS load, p.groups, p.counted,
           i.start, i.amount, i.estimated,
           r.tariff, r.name AS tariff_name, r.price, r.currency
    FROM ews_hour i
    JOIN ews_meter m ON m.id = i.meter JOIN ews_device d ON d.id = m.device
    JOIN ews_place p ON p.id = i.place JOIN ews_site s ON s.id = d.site
    LEFT JOIN ews_rate r ON r.id = i.rate;
CREATE VIEW ews_days AS
    SELECT s.key AS site, d.key AS device, m.quantity, p.commodity, NULLIF(p.load, '') AS load, p.groups, p.counted,
           i.start, i.amount, i.estimated,
           r.tariff, r.name AS tariff_name, r.price, r.currency
    FROM ews_day i
    JOIN ews_meter m ON m.id = i.meter JOIN ews_device d ON d.id = m.device
    JOIN ews_place p ON p.id = i.place JOIN ews_site s ON s.id = d.site
    LEFT JOIN ews_rate r ON r.id = i.rate;
CREATE VIEW ews_months AS
    SELECT s.key AS site, d.key AS device, m.quantity, p.commodity, NULLIF(p.load, '') AS load, p.groups, p.counted,
           i.start, i.amount, i.estimated,
           r.tariff, r.name AS tariff_name, r.price, r.currency
    FROM ews_month i
    JOIN ews_meter m ON m.id = i.meter JOIN ews_device d ON d.id = m.device
    JOIN ews_place p ON p.id = i.place JOIN ews_site s ON s.id = d.site
    LEFT JOIN ews_rate r ON r.id = i.rate;
COMMIT;
