import{a as e,d as t,m as n,n as r,p as i,s as a,t as o,u as s}from"./card.js";import{t as c}from"./repeat.js";import{n as l,t as u}from"./client.js";import{n as d,t as f}from"./csv.js";import{a as p,i as m,u as h}from"./format.js";import{a as g,r as _,s as v,t as y}from"./texts.js";import{d as b,p as x,s as S,u as C}from"./period.js";var w=[`state`,`threshold`,`configuration`,`communication`,`charging`,`command`,`clock`];function T(e){return e.alarm===!0&&e.ended_at===null}function E(e){return e.alarm===!0&&e.acknowledged_at===null}function D(e){let{since:t,until:n,...r}=e,i={...r,since:t,until:n&&C(n,1)};return Object.fromEntries(Object.entries(i).filter(([,e])=>O(e)))}function O(e){return Array.isArray(e)?e.length>0:!!e}var k=(e,t)=>S(new Date(e*1e3),t),A=[({kind:e},{kinds:t=[]})=>t.length===0||t.includes(e),({device_id:e},{device:t})=>!t||e===t,(e,{active:t})=>!t||T(e),(e,{unacknowledged:t})=>!t||E(e),(e,{text:t})=>!t||j(e,t),({last_at:e},{since:t},n)=>!t||k(e,n)>=t,({at:e},{until:t},n)=>!t||k(e,n)<=t];function j(e,t){let n=t.toLowerCase();return[e.text,e.device,e.gateway].some(e=>e.toLowerCase().includes(n))}function M(e,t,n){return A.every(r=>r(e,t,n))}function N(e,t,n,r,i){let a=i?e.at(-1)?.id??0:0,o=new Map(e.map(e=>[e.id,e]));for(let e of t)M(e,n,r)&&e.id>=a?o.set(e.id,e):o.delete(e.id);return[...o.values()].sort((e,t)=>t.id-e.id)}function P(e,t){let n=[];for(let r of e){let e=k(r.at,t),i=n.at(-1);i?.day===e?i.entries.push(r):n.push({day:e,entries:[r]})}return n}var F={state:`mdi:electric-switch`,threshold:`mdi:gauge`,configuration:`mdi:wrench-outline`,communication:`mdi:lan-disconnect`,charging:`mdi:ev-station`,command:`mdi:gesture-tap-button`,clock:`mdi:clock-outline`,breaker_tripped:`mdi:flash-alert`,breaker_opened:`mdi:electric-switch`,breaker_closed:`mdi:electric-switch-closed`,contactor_on:`mdi:electric-switch-closed`,input_on:`mdi:toggle-switch-outline`,input_off:`mdi:toggle-switch-off-outline`,output_on:`mdi:toggle-switch-outline`,output_off:`mdi:toggle-switch-off-outline`,communication_back:`mdi:lan-connect`,command_failed:`mdi:close-octagon-outline`,clock_failed:`mdi:clock-alert-outline`,link_error:`mdi:link-variant-off`,link_restored:`mdi:link-variant`};function I(e){let t=F[e.event]??F[e.kind]??`mdi:bell-outline`;return e.alarm===!0?{icon:t,tone:T(e)?`active`:`past`}:{icon:t,tone:e.event.endsWith(`_failed`)?`failed`:`plain`}}function L(e,t){let n=`alarms_kind_${t}`;return y(e,n)?_(e,n):t}function R(e,t){return t.alarm===!0?_(e,T(t)?`alarms_active`:`alarms_ended`):``}var z={alarms_began:(e,t,n)=>n(e.at),alarms_device:e=>e.device,alarms_gateway:e=>e.gateway,alarms_address:e=>e.address,alarms_kind:(e,t)=>L(t,e.kind),alarms_event:e=>e.text,alarms_state:(e,t)=>R(t,e),alarms_count:e=>e.count,alarms_last:(e,t,n)=>n(e.last_at),alarms_end:(e,t,n)=>n(e.ended_at),alarms_user:e=>e.user,alarms_acknowledged:(e,t,n)=>n(e.acknowledged_at),alarms_acknowledged_by:e=>e.acknowledged_by};function B(e,t,n){let r=t=>t===null?null:m(e,t,n);return[Object.keys(z).map(t=>_(e,t)),...t.map(t=>Object.values(z).map(n=>n(t,e,r)))]}var V=500,H=class{constructor(e,t,n={}){this.hass=e,this.tell=t,this.filter=n,this.entries=[],this.more=!1,this.active=0,this.unacknowledged=0,this.devices={},this.busy=!0,this.known=!1,this.turn=0,this.over=!0}begin(){this.over&&(this.over=!1,this.unsubscribe=this.hass.connection.subscribeMessage(e=>this.hear(e),{type:`${g}/alarms/subscribe`}),this.unsubscribe.catch(e=>this.fail(e)))}end(){this.over=!0,this.turn+=1,this.unsubscribe?.then(e=>e()).catch(()=>void 0),this.unsubscribe=void 0}show(e){this.filter=e,this.read(50)}async older(){let e=this.entries.at(-1);e!==void 0&&this.more&&!this.busy&&await this.ask({before:e.id,limit:50},e=>{this.entries=[...this.entries,...e.entries]})}async acknowledge(e){let t=e===void 0?{all:!0}:{ids:e};await this.hass.callWS({type:`${g}/alarms/acknowledge`,...t})}async read(e){await this.ask({limit:e},e=>{this.entries=e.entries})}async ask(e,t){this.turn+=1;let n=this.turn;this.busy=!0,this.tell();try{let r={type:`${g}/alarms`,...D(this.filter),...e},i=await this.hass.callWS(r);if(n!==this.turn)return;t(i);let{more:a,active:o,unacknowledged:s,devices:c}=i;Object.assign(this,{more:a,active:o,unacknowledged:s,devices:c,error:void 0,known:!0})}catch(t){if(n!==this.turn)return;this.error=t,e.before===void 0&&(this.entries=[])}n===this.turn&&(this.busy=!1,this.tell())}hear({active:e,unacknowledged:t,changed:n}){if(this.over)return;if(Object.assign(this,{active:e,unacknowledged:t}),n===null||n.length===0){this.renew();return}this.entries=N(this.entries,n,this.filter,this.hass.config.time_zone,this.more);let r=n.flatMap(({device_id:e,device:t})=>e===null?[]:[[e,t]]);this.devices={...Object.fromEntries(r),...this.devices},this.entries.length===0&&this.more?this.renew():this.tell()}renew(){this.read(Math.min(Math.max(this.entries.length,50),V))}fail(e){this.over||(Object.assign(this,{error:e,busy:!1,over:!0}),this.tell())}},U=i`
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .bar > .search {
    flex: 1 1 200px;
    min-width: 0;
    max-width: 360px;
    margin-inline-start: auto;
  }
  .count {
    min-width: 1.2em;
    padding: 0 4px;
    border-radius: 9px;
    background: color-mix(in srgb, var(--primary-text-color) 10%, transparent);
    font-size: var(--ha-font-size-s, 12px);
    line-height: 18px;
    text-align: center;
  }
  .count.alert {
    background: var(--error-color);
    color: #fff;
  }
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(160px, 1fr));
    gap: 12px;
  }
  .fields label {
    display: grid;
    gap: 4px;
    min-width: 0;
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
  }
  .fields select,
  .fields input {
    width: 100%;
  }
  .fields .button {
    align-self: end;
    min-height: 40px;
  }
  .failed-line {
    margin: 0;
    color: var(--error-color);
  }
  .list {
    flex: 1;
    min-height: 0;
    overflow: auto;
    margin: 0 calc(-1 * var(--ews-gap)) calc(-1 * var(--ews-gap));
    padding: 0 var(--ews-gap) var(--ews-gap);
  }
  h3 {
    position: sticky;
    z-index: 1;
    top: 0;
    margin: 0;
    padding: 12px 0 4px;
    background: var(--ha-card-background, var(--card-background-color, #fff));
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
    font-weight: 500;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .entry {
    display: grid;
    grid-template-columns: 40px minmax(0, 1fr) auto;
    align-items: center;
    gap: 4px 12px;
    padding: 10px 0;
    border-bottom: 1px solid var(--ews-line);
    content-visibility: auto;
    contain-intrinsic-size: auto 64px;
  }
  li:last-child > .entry {
    border-bottom: 0;
  }
  .sign {
    display: grid;
    place-items: center;
    width: 40px;
    height: 40px;
    border-radius: 50%;
    background: color-mix(in srgb, var(--tone) 15%, transparent);
    color: color-mix(in srgb, var(--tone) 80%, var(--primary-text-color));
    --tone: var(--secondary-text-color);
    --mdc-icon-size: 22px;
  }
  .sign.active {
    --tone: var(--error-color);
  }
  .sign.past,
  .sign.failed {
    --tone: var(--warning-color, #ffa600);
  }
  .what {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .text {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 8px;
  }
  .unseen-alarm .text > span:first-child {
    font-weight: 500;
  }
  .pill {
    padding: 0 8px;
    border-radius: 9px;
    background: color-mix(in srgb, var(--error-color) 15%, transparent);
    color: color-mix(in srgb, var(--error-color) 80%, var(--primary-text-color));
    font-size: var(--ha-font-size-s, 12px);
    font-weight: 500;
    line-height: 18px;
  }
  .whole {
    white-space: nowrap;
  }
  .secondary button {
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    text-align: start;
    text-decoration: underline;
    text-decoration-color: color-mix(in srgb, currentColor 40%, transparent);
    text-underline-offset: 2px;
  }
  .secondary button:hover {
    color: var(--primary-color);
  }
  .when {
    display: flex;
    align-items: center;
    gap: 12px;
    color: var(--secondary-text-color);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .when .button {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    padding: 0 14px;
    --mdc-icon-size: 18px;
  }
  .older {
    display: flex;
    justify-content: center;
    padding-top: 16px;
  }
  dialog {
    width: min(400px, calc(100vw - 32px));
    box-sizing: border-box;
    padding: 24px;
    border: 0;
    border-radius: 16px;
    background: var(--ha-card-background, var(--card-background-color, #fff));
    color: var(--primary-text-color);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 50%);
  }
  dialog h3 {
    position: static;
    padding: 0 0 8px;
    color: inherit;
    font-size: var(--ha-font-size-l, 16px);
  }
  dialog p {
    margin: 0 0 24px;
    color: var(--secondary-text-color);
  }
  dialog form {
    display: flex;
    justify-content: flex-end;
    gap: 8px;
  }
  @container (max-width: 520px) {
    .bar > .search {
      flex-basis: 100%;
      max-width: none;
    }
    .fields {
      grid-template-columns: 1fr 1fr;
    }
    .entry {
      align-items: start;
    }
    .when {
      flex-direction: column;
      align-items: flex-end;
      gap: 4px;
    }
    .when .button {
      padding: 0 9px;
    }
    .when .button span {
      position: absolute;
      clip-path: inset(50%);
    }
  }
`,W=300,G=`ews-alarms-card`,K=class extends o{constructor(...e){super(...e),this.filter={},this.open=!1,this.failure=``,this.pending=new Set,this.mains=new Map}static{this.styles=[o.styles,U]}setConfig(e){if(e.kinds!==void 0&&!Array.isArray(e.kinds))throw Error(`kinds must be a list`);super.setConfig(e),this.filter=this.configured(),this.journal?.show(this.filter)}connectedCallback(){super.connectedCallback(),this.hasUpdated&&this.requestUpdate()}disconnectedCallback(){super.disconnectedCallback(),window.clearTimeout(this.typing),this.sentinel?.disconnect(),this.sentinel=void 0,this.journal?.end(),this.journal=void 0,this.unfollow?.()}heading(){return this.t(`alarms_title`)}tools(){let e={icon:`mdi:filter-variant`,label:this.t(`alarms_filter`),press:()=>{this.open=!this.open},pressed:this.open},t={icon:`mdi:download`,label:this.t(`action_csv`),press:()=>d(f(B(this.hass,this.journal?.entries??[],this.zone)))},n={icon:`mdi:check-all`,label:this.t(`alarms_acknowledge_all`),press:()=>this.dialog?.showModal()};return[...this.mayAcknowledge&&(this.journal?.unacknowledged??0)>0?[n]:[],...this.config.filters===!1?[]:[e],t,this.enlarger()]}willUpdate(){this.isConnected&&this.start()}updated(){this.sentinel?.disconnect();let e=this.renderRoot.querySelector(`.older`);e!==null&&this.sentinel?.observe(e)}content(){let t=this.journal;if(t===void 0)return e;if(!t.known)return t.error===void 0?e:this.trouble(t.error);let n=t.error!==void 0&&t.entries.length===0,r=this.failure||(t.error!==void 0&&!n?l(t.error).message:``);return a`
      ${this.bar(t)} ${this.open?this.fields(t):e}
      ${r?a`<p class="failed-line" role="alert">${r}</p>`:e}
      ${n?this.trouble(t.error):this.rows(t)} ${this.confirmation(t)}
    `}get zone(){return this.hass.config.time_zone}get mayAcknowledge(){return this.access?.rights.includes(`acknowledge`)??!1}configured(){let{show:e=`all`,kinds:t,device:n}=this.config;return{kinds:t,device:n,active:e===`active`,unacknowledged:e===`unacknowledged`}}get narrowed(){let e=this.configured(),{kinds:t,device:n,since:r,until:i,text:a}=this.filter;return t!==e.kinds||n!==e.device||!!(r||i||a)}start(){this.journal===void 0&&(this.journal=new H(this.hass,()=>this.requestUpdate(),this.filter),this.journal.begin(),this.sentinel=new IntersectionObserver(e=>{let t=this.list;t!==null&&t.scrollHeight>t.clientHeight&&this.journal?.error===void 0&&e.some(e=>e.isIntersecting)&&this.journal?.older()}),this.unfollow=u(this.hass).follow(()=>this.learn()),this.learn())}learn(){let e=u(this.hass),t=()=>void 0;e.ask(`access`).then(e=>{this.access=e},t),e.ask(`board`).then(({gateways:e,devices:t})=>{let n=[...e.map(({id:e,entities:t})=>[e,t.connected??Object.values(t)[0]]),...t.map(({id:e,main:t,pages:n})=>[e,Object.values(t)[0]??Object.values(n).flat()[0]])];this.mains=new Map(n.filter(e=>e[1]!==void 0)),this.requestUpdate()},t)}narrow(e){this.filter={...this.filter,...e},this.journal?.show({...this.filter,text:this.filter.text?.trim()})}bar(t){if(this.config.filters===!1)return e;let n=(e,t,n)=>a`<button
      class="chip"
      aria-pressed=${String(!!this.filter[e])}
      @click=${()=>this.narrow({[e]:!this.filter[e]})}
    >
      ${this.t(`alarms_${e}`)}<span class="count ${n&&t>0?`alert`:``}">${t}</span>
    </button>`;return a`<div class="bar">
      ${n(`active`,t.active,!0)} ${n(`unacknowledged`,t.unacknowledged,!1)}
      <input
        class="search"
        type="search"
        placeholder=${this.t(`alarms_search`)}
        aria-label=${this.t(`alarms_search`)}
        .value=${this.filter.text??``}
        @input=${this.type}
      />
    </div>`}type(e){let t=e.target.value;window.clearTimeout(this.typing),this.typing=window.setTimeout(()=>this.narrow({text:t}),W)}fields(t){let{kinds:n=[],device:r=``,since:i=``,until:o=``}=this.filter,s=n.length===1?n[0]:``,c=(e,t,n,r)=>a`
      <label>
        ${this.t(`alarms_${e}`)}
        <select @change=${e=>r(e.target.value)}>
          ${[[``,this.t(`alarms_all_${e}s`)],...n].map(([e,n])=>a`<option value=${e} .selected=${e===t}>${n}</option>`)}
        </select>
      </label>
    `,l=(e,t)=>a`
      <label>
        ${this.t(`alarms_${e}`)}
        <input
          type="date"
          max=${x(this.zone)}
          .value=${t}
          @change=${t=>this.narrow({[e]:t.target.value})}
        />
      </label>
    `,u=(this.config.kinds??w).map(e=>[e,L(this.hass,e)]),d=Object.entries(t.devices).sort(([,e],[,t])=>e.localeCompare(t));return a`<div class="fields">
      ${c(`kind`,s,u,e=>this.narrow({kinds:e?[e]:this.config.kinds}))}
      ${c(`device`,r,d,e=>this.narrow({device:e||void 0}))} ${l(`since`,i)}
      ${l(`until`,o)} ${this.narrowed?this.clearing():e}
    </div>`}clearing(){return a`<button class="button" @click=${this.clear}>${this.t(`alarms_clear_filter`)}</button>`}clear(){let e=this.configured();this.narrow({...e,since:void 0,until:void 0,text:void 0})}rows(t){return t.entries.length===0&&!t.busy?this.emptiness():a`<div class="list ${t.busy?`waiting`:``}" aria-busy=${String(t.busy)}>
      ${c(P(t.entries,this.zone),({entries:e})=>e[0]?.id,({day:e,entries:t})=>a`<section>
          <h3>${this.dayName(e)}</h3>
          <ul>
            ${c(t,({id:e})=>e,e=>a`<li>${this.row(e)}</li>`)}
          </ul>
        </section>`)}
      ${t.more?a`<div class="older">
              <button class="button" ?disabled=${t.busy} @click=${()=>void t.older()}>
                ${this.t(`alarms_older`)}
              </button>
            </div>`:e}
    </div>`}emptiness(){let{active:e,unacknowledged:t}=this.filter;return this.narrowed?this.notice(`mdi:filter-off-outline`,this.t(`alarms_none_found`),this.clearing()):e?this.notice(`mdi:check-circle-outline`,this.t(`alarms_none_active`)):t?this.notice(`mdi:check-circle-outline`,this.t(`alarms_none_unacknowledged`)):this.notice(`mdi:bell-outline`,this.t(`alarms_none`))}dayName(e){let t=x(this.zone);return e===t?this.t(`alarms_today`):e===C(t,-1)?this.t(`alarms_yesterday`):b({span:`day`,date:e},this.hass.locale.language)}row(t){let{icon:n,tone:r}=I(t),i=[this.deviceName(t),t.gateway===t.device?``:t.gateway,this.address(t)].filter(Boolean).map((e,t)=>t===0?e:a` · ${e}`),o=this.story(t);return a`<div class="entry ${E(t)?`unseen-alarm`:``}">
      <span class="sign ${r}" title=${L(this.hass,t.kind)}><ha-icon .icon=${n}></ha-icon></span>
      <div class="what">
        <div class="text">
          <span>${t.text}</span>
          ${T(t)?a`<span class="pill">${this.t(`alarms_active`)}</span>`:e}
        </div>
        <div class="secondary">${i}</div>
        ${o.length>0?a`<div class="secondary">${o.join(` · `)}</div>`:e}
      </div>
      <div class="when">
        ${this.mayAcknowledge&&E(t)?this.acknowledger(t):e}
        <time datetime=${new Date(t.at*1e3).toISOString()} title=${m(this.hass,t.at,this.zone)}>
          ${h(this.hass,t.at,this.zone)}
        </time>
      </div>
    </div>`}deviceName({device_id:e,device:t}){let n=e===null?void 0:this.mains.get(e);return n===void 0||this.hass.states[n]===void 0?t:a`<button @click=${()=>v(this,n)}>${t}</button>`}address({address:e}){return e&&a`<span class="whole">${this.t(`alarms_at_address`,{address:e})}</span>`}story(e){let t=t=>this.near(t,e.at),{count:n,last_at:r,ended_at:i,user:a,acknowledged_at:o,acknowledged_by:s}=e;return[n>1?this.t(`alarms_times`,{count:n,time:t(r)}):``,i===null?``:this.t(`alarms_ended_at`,{time:t(i),duration:p(this.hass,i-e.at)}),a===null?``:this.t(`alarms_by`,{user:a}),o===null?``:this.t(s===null?`alarms_seen`:`alarms_seen_by`,{user:s,time:t(o)})].filter(Boolean)}near(e,t){let n=e=>S(new Date(e*1e3),this.zone);return(n(e)===n(t)?h:m)(this.hass,e,this.zone)}acknowledger({id:e,text:t}){return a`<button
      class="button"
      title=${this.t(`alarms_acknowledge`)}
      aria-label=${this.t(`alarms_acknowledge_one`,{text:t})}
      ?disabled=${this.pending.has(e)}
      @click=${()=>void this.acknowledge([e])}
    >
      <ha-icon .icon=${`mdi:check`}></ha-icon><span>${this.t(`alarms_acknowledge`)}</span>
    </button>`}async acknowledge(e){this.failure=``,this.pending=new Set([...this.pending,...e??[]]);try{await this.journal?.acknowledge(e)}catch(e){this.failure=l(e).message}this.pending=new Set([...this.pending].filter(t=>!e?.includes(t)))}confirmation(e){let t=()=>this.dialog?.close();return a`<dialog aria-labelledby="question">
      <h3 id="question">${this.t(`alarms_acknowledge_all_question`,{count:e.unacknowledged})}</h3>
      <p>${this.t(`alarms_acknowledge_all_text`)}</p>
      <form method="dialog">
        <button type="button" class="button" @click=${t}>${this.t(`action_cancel`)}</button>
        <button type="button" class="button strong agree" @click=${()=>{t(),this.acknowledge()}}>${this.t(`alarms_acknowledge`)}</button>
      </form>
    </dialog>`}};r([t()],K.prototype,`filter`,void 0),r([t()],K.prototype,`open`,void 0),r([t()],K.prototype,`access`,void 0),r([t()],K.prototype,`failure`,void 0),r([t()],K.prototype,`pending`,void 0),r([s(`dialog`)],K.prototype,`dialog`,void 0),r([s(`.list`)],K.prototype,`list`,void 0),K=r([n(G)],K);async function q(e){let t=(e,t)=>e.map(e=>({value:e,label:t(e)})),{devices:n}=await u(e).ask(`board`).catch(()=>({devices:[]})),r=t([`all`,`active`,`unacknowledged`],t=>_(e,`alarms_${t}`)),i=t(w,t=>L(e,t)),a=n.map(({id:e,name:t})=>({value:e,label:t}));return{schema:[{name:`title`,selector:{text:{}}},{name:`show`,default:`all`,selector:{select:{options:r,mode:`dropdown`}}},{name:`kinds`,selector:{select:{options:i,multiple:!0}}},{name:`device`,selector:{select:{options:a,mode:`dropdown`,custom_value:!0}}},{name:`filters`,default:!0,selector:{boolean:{}}}]}}export{K as AlarmsCard,q as form,G as tag};