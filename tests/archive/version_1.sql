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
CREATE TABLE ews_day (
	start BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	estimated BIGINT NOT NULL, 
	meter INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	PRIMARY KEY (meter, start, place)
)
 WITHOUT ROWID

;
INSERT INTO "ews_day" VALUES(1767222000,100,0,1,1);
INSERT INTO "ews_day" VALUES(1767222000,7,0,1,2);
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
	PRIMARY KEY (meter, start, place)
)
 WITHOUT ROWID

;
INSERT INTO "ews_hour" VALUES(1767222000,100,0,1,1);
INSERT INTO "ews_hour" VALUES(1767222000,7,0,1,2);
CREATE TABLE ews_interval (
	start BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	meter INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	seconds INTEGER NOT NULL, 
	estimated BOOLEAN NOT NULL, 
	PRIMARY KEY (start, meter)
)
 WITHOUT ROWID

;
INSERT INTO "ews_interval" VALUES(1767222000,100,1,1,600,0);
INSERT INTO "ews_interval" VALUES(1767222600,7,1,2,600,0);
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
	PRIMARY KEY (meter, start, place)
)
 WITHOUT ROWID

;
INSERT INTO "ews_month" VALUES(1767222000,100,0,1,1);
INSERT INTO "ews_month" VALUES(1767222000,7,0,1,2);
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
CREATE VIEW ews_hours AS
    SELECT s.key AS site, d.key AS device, m.quantity, p.commodity, NULLIF(p.load, '') AS load, p.groups, p.counted,
           r.start, r.amount, r.estimated
    FROM ews_hour r
    JOIN ews_meter m ON m.id = r.meter JOIN ews_device d ON d.id = m.device
    JOIN ews_place p ON p.id = r.place JOIN ews_site s ON s.id = d.site;
CREATE VIEW ews_days AS
    SELECT s.key AS site, d.key AS device, m.quantity, p.commodity, NULLIF(p.load, '') AS load, p.groups, p.counted,
           r.start, r.amount, r.estimated
    FROM ews_day r
    JOIN ews_meter m ON m.id = r.meter JOIN ews_device d ON d.id = m.device
    JOIN ews_place p ON p.id = r.place JOIN ews_site s ON s.id = d.site;
CREATE VIEW ews_months AS
    SELECT s.key AS site, d.key AS device, m.quantity, p.commodity, NULLIF(p.load, '') AS load, p.groups, p.counted,
           r.start, r.amount, r.estimated
    FROM ews_month r
    JOIN ews_meter m ON m.id = r.meter JOIN ews_device d ON d.id = m.device
    JOIN ews_place p ON p.id = r.place JOIN ews_site s ON s.id = d.site;
COMMIT;
