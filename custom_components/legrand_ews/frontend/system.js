import{a as e,d as t,m as n,n as r,p as i,s as a,t as o}from"./card.js";import{n as s,t as c}from"./client.js";import{a as l,c as u,i as d,l as f,r as p}from"./format.js";import{a as m,l as h,r as g,t as _}from"./texts.js";function v({connected:e,units:t}){return t===null?`away`:t===0?`empty`:e===null?`starting`:e?`connected`:`disconnected`}var y=90,b=.05,x=1e9;function S(e){let t=v(e);if(t===`away`)return[{key:`system_advice_away`,severe:!0}];if(t===`disconnected`)return[{key:`system_advice_disconnected`,severe:!0}];let{silent:n,bus_load:r}=e,i=[];if(n.length>0){let e={count:n.length,addresses:n.join(`, `)};i.push({key:`system_advice_silent`,values:e,severe:!0})}return r!==null&&r>=y&&i.push({key:`system_advice_busy`,severe:!1}),i}function C(e,t){let n=Object.values(e.dropped).reduce((e,t)=>e+t,0),r=[];return e.error!==null&&r.push({key:`system_advice_archive`,values:{error:e.error},severe:!0}),n>0&&r.push({key:`system_advice_dropped`,values:{count:n},severe:!0}),t!==null&&t.free<Math.max(b*t.total,x)&&r.push({key:`system_advice_disk`,severe:!0}),r}var w=[`B`,`kB`,`MB`,`GB`,`TB`];function T(e,t){if(t===null)return`–`;let n=t,r=0;for(;n>=999.5&&r<w.length-1;)n/=1e3,r+=1;return`${u(e,n,r===0||n>=99.95?0:n>=9.995?1:2)}\u00a0${w[r]}`}var E=5e-4;function D(e,{requests:t,errors:n}){if(n===null)return`–`;let r=u(e,n),i=t?n/t:0;return i<E?r:`${r} (${f(e,i)})`}var O=i`
  .sections {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 24px;
  }
  h3 {
    margin: 0 0 8px;
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-m, 14px);
    font-weight: 500;
  }
  .tiles {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr));
    gap: 12px;
  }
  .tile {
    padding: 12px 16px;
    border: 1px solid var(--ews-line);
    border-radius: 12px;
  }
  .top {
    display: flex;
    align-items: center;
    gap: 12px;
    margin-bottom: 8px;
    min-width: 0;
  }
  .top div {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .sign {
    display: grid;
    flex: none;
    place-items: center;
    width: 40px;
    height: 40px;
    border-radius: 50%;
    background: color-mix(in srgb, var(--tone) 15%, transparent);
    color: color-mix(in srgb, var(--tone) 80%, var(--primary-text-color));
    --tone: var(--secondary-text-color);
    --mdc-icon-size: 22px;
  }
  .sign.good {
    --tone: var(--success-color, #43a047);
  }
  .sign.bad {
    --tone: var(--error-color, #db4437);
  }
  dl {
    margin: 0;
  }
  dl > div {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: 0 16px;
    padding: 6px 0;
  }
  dl > div + div {
    border-top: 1px solid var(--ews-line);
  }
  dt {
    color: var(--secondary-text-color);
  }
  dd {
    margin: 0 0 0 auto;
    min-width: 0;
    overflow-wrap: anywhere;
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  .metered {
    position: relative;
    padding-bottom: 12px;
  }
  .metered::before,
  .metered::after {
    content: "";
    position: absolute;
    bottom: 4px;
    left: 0;
    width: 100%;
    height: 4px;
    border-radius: 2px;
    background: color-mix(in srgb, var(--primary-text-color) 12%, transparent);
  }
  .metered::after {
    width: clamp(0%, var(--share), 100%);
    background: var(--primary-color);
  }
  .metered.high::after {
    background: var(--warning-color, #ffa600);
  }
  dl > .metered + div {
    border-top: 0;
  }
  .advice {
    display: flex;
    gap: 8px;
    margin: 0 0 8px;
    padding: 8px 12px;
    border-radius: 8px;
    background: color-mix(in srgb, var(--tone) 12%, transparent);
    --tone: var(--warning-color, #ffa600);
    --mdc-icon-size: 20px;
  }
  .advice.severe {
    --tone: var(--error-color, #db4437);
  }
  .advice ha-icon {
    flex: none;
    color: var(--tone);
  }
  .advice span {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .links {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .link {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 40px minmax(0, 1fr);
    align-items: center;
    gap: 12px;
    padding: 8px 0;
    border-bottom: 1px solid var(--ews-line);
  }
  .link.titles {
    padding: 0 0 4px;
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
  }
  .link ha-icon {
    justify-self: center;
    color: var(--secondary-text-color);
  }
  .link.broken ha-icon {
    color: var(--error-color, #db4437);
  }
  .link div {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .note {
    margin: 8px 0 0;
  }
  .notice {
    min-height: 80px;
  }
  @container (min-width: 760px) {
    .sections.several {
      grid-template-columns: repeat(2, minmax(0, 1fr));
      column-gap: 32px;
    }
    .sections .wide {
      grid-column: 1 / -1;
    }
  }
`,k=[`gateways`,`archive`,`versions`,`links`],A=`/config/integrations/integration/${m}`,j=.9,M={sqlite:`SQLite`,postgresql:`PostgreSQL`},N={connected:{icon:`mdi:lan-connect`,tone:`good`},disconnected:{icon:`mdi:lan-disconnect`,tone:`bad`},starting:{icon:`mdi:lan-pending`,tone:``},empty:{icon:`mdi:lan-pending`,tone:``},away:{icon:`mdi:power-plug-off-outline`,tone:`bad`}},P=`ews-system-card`,F=class extends o{static{this.styles=[o.styles,O]}setConfig(e){let{part:t=`all`}=e;if(t!==`all`&&!k.includes(t))throw Error(`part must be one of all, ${k.join(`, `)}`);super.setConfig(e)}heading(){let{part:e=`all`}=this.config;return this.t(e===`all`?`system_title`:`system_${e}`)}content(){let{part:t=`all`}=this.config;if(this.failure!==void 0)return this.trouble(this.failure);let n=this.report;if(n===void 0)return e;let r={gateways:()=>this.gateways(n),archive:()=>this.storage(n),versions:()=>this.versions(n),links:()=>this.links(n)};return t===`all`?a`<div class="sections several">
      ${k.map(e=>a`<section class=${e===`gateways`||e===`links`?`wide`:``}>
          <h3>${this.t(`system_${e}`)}</h3>
          ${r[e]()}
        </section>`)}
    </div>`:a`<div class="sections">${r[t]()}</div>`}get zone(){return this.hass.config.time_zone}listen(){let{connection:e}=this.hass,t=e.subscribeMessage(e=>{this.report=e,this.failure=void 0},{type:`${m}/system/subscribe`});t.catch(e=>{this.failure=e});let n=[()=>void t.then(e=>e()).catch(()=>void 0),c(this.hass).follow(()=>this.look())];return this.look(),n}look(){this.hass.callWS({type:`${m}/archive/info`}).then(e=>{this.archive=e,this.unarchived=void 0},e=>{this.unarchived=e})}gateways({gateways:e}){return e.length===0?this.notice(`mdi:lan`,this.t(`system_no_gateway`),this.settings()):a`<div class="tiles">${e.map(e=>this.gateway(e))}</div>`}gateway(t){let n=v(t),{icon:r,tone:i}=N[n],{bus_load:o,cycle_time:s,units:c,requests:l,problem:d}=t,f=[this.t(`system_state_${n}`),d===null?``:this.cause(d)].filter(Boolean).join(`: `),p=(e,t=``,n)=>e===null?`–`:`${u(this.hass,e,n)}${t&&`\u00a0${t}`}`,m=[[`system_bus_load`,p(o,`%`,0),o===null?null:o/100],[`system_cycle_time`,p(s,`s`,+(s!==null&&s<9.95))],[`system_units`,p(c)],[`system_requests`,p(l)],[`system_errors`,D(this.hass,t)]];return a`<div class="tile">
      <div class="top">
        <span class="sign ${i}"><ha-icon .icon=${r}></ha-icon></span>
        <div>
          <div>${t.name}</div>
          <div class="secondary">${f}</div>
        </div>
      </div>
      ${S(t).map(e=>this.advice(e))} ${n===`away`?e:this.facts(m)}
    </div>`}cause(e){let t=`system_entry_${e}`;return _(this.hass,t)?this.t(t):e}storage({disk:t}){if(this.unarchived!==void 0)return this.noArchive();let n=this.archive;if(n===void 0)return a`${e}`;let r=e=>e===null?`–`:u(this.hass,e),i=(e,t=d)=>e===null?`–`:t(this.hass,e,this.zone),o=t&&this.t(`system_disk_free`,{free:T(this.hass,t.free),total:T(this.hass,t.total)}),s=t===null||t.total===0?null:1-t.free/t.total,c=[[`system_engine`,M[n.engine??``]??n.engine??`–`],[`system_size`,T(this.hass,n.size)],[`system_disk`,o??`–`,s],[`system_last_write`,i(n.last_write)],[`system_last_interval`,i(n.last_interval)],[`system_queued`,r(n.queued)],[`system_intervals`,r(n.intervals)],[`system_samples`,r(n.samples)],[`system_alarms`,r(n.alarms)],[`system_sessions`,r(n.sessions)],n.kept_since!==null&&[`system_kept_since`,i(n.kept_since,p)]],l=C(n,t),[f,m,h]=l.length===0?[`mdi:database-check-outline`,`good`,`system_archive_well`]:[`mdi:database-alert-outline`,`bad`,`system_archive_trouble`];return a`<div class="top">
        <span class="sign ${m}"><ha-icon .icon=${f}></ha-icon></span>
        <div>${this.t(h)}</div>
      </div>
      ${l.map(e=>this.advice(e))} ${this.facts(c.filter(e=>e!==!1))}`}noArchive(){return s(this.unarchived).code===`no_installation`?this.notice(`mdi:database-off-outline`,this.t(`system_no_installation`),this.settings()):this.trouble(this.unarchived)}versions(e){let{catalog:t,started_at:n}=e,r=e=>u(this.hass,e),i=Math.max(0,Date.now()/1e3-n),o=[[`system_version`,e.version],[`system_home_assistant`,e.home_assistant],[`system_python`,e.python],[`system_started`,d(this.hass,n,this.zone)],[`system_running`,l(this.hass,i)],[`system_models`,r(t.models)],[`system_maps`,r(t.maps)],[`system_user_maps`,r(t.user_maps)]],s=t.errors.map(({file:e,line:t,key:n,reason:r})=>{let i=[e,t===null?``:this.t(`system_line`,{line:t}),n??``].filter(Boolean).join(`, `);return this.advice({key:`system_advice_map`,values:{place:i,reason:r},severe:!0})});return a`${s} ${this.facts(o)}`}links({links:t}){if(t.length===0)return this.notice(`mdi:link-variant`,this.t(`system_no_links`));let n=({name:e,function:t,gateway:n,address:r})=>a`<div>
      <div>${e??this.t(`system_unknown_module`)}</div>
      <div class="secondary">
        ${[t===null?``:this.kind(t),n,this.t(`system_at_address`,{address:r})].filter(Boolean).join(` · `)}
      </div>
    </div>`,r=e=>{let t=this.t(e?`system_link_fails`:`system_leads_to`);return a`<ha-icon
        role="img"
        title=${t}
        aria-label=${t}
        .icon=${e?`mdi:alert-circle`:`mdi:arrow-right`}
      ></ha-icon>`};return a`<div class="link titles" aria-hidden="true">
        <span>${this.t(`system_link_event`)}</span><span></span><span>${this.t(`system_link_action`)}</span>
      </div>
      <ul class="links">
        ${t.map(({event:e,action:t,error:i})=>a`<li class="link ${i?`broken`:``}">
            ${n(e)} ${r(i)} ${n(t)}
          </li>`)}
      </ul>
      ${t.some(({error:e})=>e)?a`<p class="note secondary">${this.t(`system_advice_link`)}</p>`:e}`}kind(e){let t=`system_kind_${e}`;return _(this.hass,t)?this.t(t):e}facts(t){return a`<dl>
      ${t.map(([t,n,r])=>a`<div class=${r==null?``:`metered ${r>=j?`high`:``}`} style=${r==null?e:`--share: ${100*r}%`}>
          <dt>${this.t(t)}</dt>
          <dd>${n}</dd>
        </div>`)}
    </dl>`}advice({key:e,values:t,severe:n}){return a`<p class="advice ${n?`severe`:``}">
      <ha-icon .icon=${n?`mdi:alert-circle-outline`:`mdi:information-outline`}></ha-icon>
      <span>${this.t(e,t)}</span>
    </p>`}settings(){if(this.hass.user?.is_admin===!0)return a`<button class="button" @click=${()=>h(A)}>${this.t(`system_settings`)}</button>`}};r([t()],F.prototype,`report`,void 0),r([t()],F.prototype,`archive`,void 0),r([t()],F.prototype,`failure`,void 0),r([t()],F.prototype,`unarchived`,void 0),F=r([n(P)],F);function I(e){return{schema:[{name:`title`,selector:{text:{}}},{name:`part`,default:`all`,selector:{select:{options:[`all`,...k].map(t=>({value:t,label:g(e,t===`all`?`system_title`:`system_${t}`)})),mode:`dropdown`}}}]}}export{F as SystemCard,I as form,P as tag};