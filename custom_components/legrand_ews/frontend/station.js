import{a as e,d as t,f as n,i as r,m as i,n as a,p as o,r as s,s as c}from"./card.js";import{a as l,i as u,n as d,o as ee,r as f,s as p,t as m}from"./station-look.js";import{r as te,t as h}from"./client.js";import{n as g,t as _}from"./csv.js";import{a as v,c as y,i as b,o as x,r as S,s as C,u as w}from"./format.js";import{a as T,r as E,s as D}from"./texts.js";import{n as O,t as k}from"./switch.js";import{p as A,s as ne,u as j}from"./period.js";var M=[`station`,`charge`,`about`],N={state:`station`,charge:`charge`,power:`charge`,voltage:`charge`,energy:`charge`,distortion:`charge`,settings:`about`,clock:`about`,other:`about`},P={station:`station`,station_error:`station`,charging_problem:`station`,default_priority:`station`,ev_socket:`station`,domestic_socket:`station`,rated_current:`about`},F=[`charging_problem`,`default_priority`,`charging_state`,`charging_limit`,`charging_reason`,`session_start`,`charged_energy`,`charged_quantity`,`session_cost`];function I(e,t,n){let r={station:[],charge:[],about:[]},i=new Set,a=(t,n)=>{if(t===void 0||i.has(t)||e.states[t]===void 0)return;let a=e.entities[t]?.translation_key,o=(a===void 0?void 0:P[a])??n;o!==void 0&&(i.add(t),r[o].push(t))},o=t.devices.find(e=>e.id===n),s=t.stations[n]?.entities??{},c=Object.entries(s).flatMap(([e,t])=>F.includes(e)?[]:[t]);for(let e of c)i.add(e);a(o?.main.communication,`station`);for(let e of F)a(s[e],P[e]??`charge`);for(let[e,t]of Object.entries(o?.pages??{}))for(let n of t)a(n,N[e]);return r}function L(e,t){let n=e.entities[t.entity_id];return e.formatEntityName?.(t,{type:`entity`})||n?.name||t.attributes.friendly_name||t.entity_id}var R=class extends r{constructor(...e){super(...e),this.page=`station`}static{this.styles=[s,o`
      :host {
        height: auto;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li:not(:last-child) {
        border-bottom: 1px solid var(--ews-line);
      }
      .row {
        display: flex;
        align-items: center;
        gap: 16px;
        box-sizing: border-box;
        width: 100%;
        min-height: 40px;
        padding: 4px 0;
        border: 0;
        border-radius: 4px;
        background: none;
        text-align: start;
      }
      .row span:first-child {
        flex: 1;
        color: var(--secondary-text-color);
      }
      .row span:last-child {
        max-width: 65%;
        text-align: end;
        overflow-wrap: anywhere;
      }
    `]}t(e,t){return E(this.hass,e,t)}render(){let e=I(this.hass,this.board,this.station.id)[this.page],t=this.page===`about`?this.about():[];return e.length+t.length===0?c`<p class="secondary">${this.t(`charge_no_details`)}</p>`:c`<ul>
      ${t.map(([e,t])=>c`<li><div class="row"><span>${e}</span><span>${t}</span></div></li>`)}
      ${e.map(e=>this.row(this.hass.states[e]))}
    </ul>`}row(e){return c`<li>
      <button class="row" @click=${()=>D(this,e.entity_id)}>
        <span>${L(this.hass,e)}</span><span>${this.hass.formatEntityState(e)}</span>
      </button>
    </li>`}about(){let e=this.board.devices.find(e=>e.id===this.station.id),t=this.board.gateways.find(t=>t.id===e?.gateway),n=p(this.station)?this.station.phases.map(e=>e.toUpperCase()).join(`, `):``,r=e===void 0?this.t(`charge_other_make`):[e.model,e.model_name].filter(Boolean).join(`, `);return[[this.t(`charge_model`),r],[this.t(`charge_address`),e?.address],[this.t(`charge_gateway`),t?.name],[this.t(`charge_phases_of_site`),n]].filter(e=>!!e[1])}};a([n({attribute:!1})],R.prototype,`hass`,void 0),a([n({attribute:!1})],R.prototype,`board`,void 0),a([n({attribute:!1})],R.prototype,`station`,void 0),a([n({attribute:!1})],R.prototype,`page`,void 0),R=a([i(`ews-station-details`)],R);var z=5;function B(e,t){return Object.entries(t).filter(([,e])=>e!==null).map(([t,n])=>C(e,t).write(n)).join(` + `)||`–`}function V(e,t,n){let r=[...new Set(t.flatMap(e=>Object.keys(e.costs)))].sort(),i=(t,n)=>n?`${E(e,t)} [${n}]`:E(e,t),a=[i(`charge_start`),i(`charge_end`),i(`charge_station`),i(`charge_card`),i(`charge_energy`,`kWh`),i(`charge_quantity`,`Ah`),...r.map(e=>i(`charge_cost`,e)),i(`charge_unpriced`,`kWh`),i(`charge_priority`),i(`charge_interruptions`)],o=t.map(t=>[H(t.start,n),t.end===null?null:H(t.end,n),t.name,t.card,t.energy===null?null:t.energy/1e3,t.charge,...r.map(e=>t.costs[e]??null),t.unpriced/1e3,+!!t.priority,t.interruptions.map(t=>U(e,t,n)).join(`; `)]);return _([a,...o])}function H(e,t){let n=new Intl.DateTimeFormat(`en-CA`,{year:`numeric`,month:`2-digit`,day:`2-digit`,hour:`2-digit`,minute:`2-digit`,second:`2-digit`,hourCycle:`h23`,timeZone:t.replace(/^UTC(?=[+-])/,``),timeZoneName:`longOffset`}),r=Object.fromEntries(n.formatToParts(e*1e3).map(({type:e,value:t})=>[e,t])),i=r.timeZoneName?.replace(`GMT`,``)||`+00:00`;return`${r.year}-${r.month}-${r.day}T${r.hour}:${r.minute}:${r.second}${i}`}function U(e,t,n){let r=u(e,t.reason,t.values);return`${w(e,t.start,n)}, ${v(e,t.seconds)}: ${r}`}var W=class extends r{constructor(...e){super(...e),this.sessions=[],this.zone=`UTC`,this.all=!1}static{this.styles=[s,o`
      :host {
        height: auto;
      }
      .sum {
        margin: 0 0 4px;
      }
      details {
        border-bottom: 1px solid var(--ews-line);
      }
      details:last-of-type {
        border-bottom: 0;
      }
      summary {
        display: grid;
        grid-template-columns: 1fr auto 20px;
        gap: 0 12px;
        align-items: center;
        min-height: 52px;
        border-radius: 8px;
        cursor: pointer;
        list-style: none;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      summary .secondary {
        display: block;
      }
      summary ha-icon,
      .star {
        color: var(--secondary-text-color);
        --mdc-icon-size: 20px;
      }
      .star {
        color: var(--warning-color);
        --mdc-icon-size: 16px;
      }
      details[open] summary > ha-icon {
        rotate: 180deg;
      }
      .more {
        padding: 0 0 12px;
      }
      .more table {
        margin-bottom: 8px;
        font-size: var(--ha-font-size-s, 12px);
      }
      .more tr:last-child td {
        border-bottom: 0;
      }
      .more td,
      .more th {
        padding: 4px;
      }
      .more th:first-child,
      .more td:first-child {
        padding-inline-start: 0;
      }
      h4 {
        margin: 4px 0;
        font-size: var(--ha-font-size-s, 12px);
        font-weight: 500;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .button {
        margin-top: 8px;
      }
    `]}t(e,t){return E(this.hass,e,t)}render(){let t=this.sessions;if(t.length===0)return c`<p class="sum secondary">${this.t(`charge_no_sessions`)}</p>`;let n=this.all?t:t.slice(0,z);return c`${this.sum(t)} ${n.map(e=>this.session(e))}
    ${n.length<t.length?c`<button class="button" @click=${()=>{this.all=!0}}>${this.t(`charge_all_sessions`,{count:t.length})}</button>`:e}`}sum(e){let t=e.flatMap(e=>e.energy===null?[]:[e.energy]),n=t.reduce((e,t)=>e+t,0),r={};for(let t of e)for(let[e,n]of Object.entries(t.costs))n!==null&&(r[e]=(r[e]??0)+n);let i=[this.t(`charge_count_sessions`,{count:e.length}),...t.length>0?[x(this.hass,n).write(n)]:[],...Object.keys(r).length>0?[B(this.hass,r)]:[]];return c`<p class="sum secondary">${i.join(` · `)}</p>`}session(t){let{hass:n}=this,{zone:r}=this,i=t.end===null?`–`:w(n,t.end,r),a=t.end===null?[]:[v(n,t.end-t.start)],o=t.interruptions.length,s=[`${w(n,t.start,r)} – ${i}`,...a,...o>0?[this.t(`charge_count_interruptions`,{count:o})]:[]];return c`<details>
      <summary>
        <span>
          ${S(n,t.start,r)}
          ${t.priority?c`<ha-icon class="star" .icon=${`mdi:star`} role="img" aria-label=${this.t(`charge_priority`)}></ha-icon>`:e}
          <span class="secondary">${s.join(` · `)}</span>
        </span>
        <span class="number">
          ${x(n,t.energy??0).write(t.energy)}
          <span class="secondary">${B(n,t.costs)}</span>
        </span>
        <ha-icon .icon=${`mdi:chevron-down`}></ha-icon>
      </summary>
      <div class="more">${this.tariffs(t)} ${this.interruptions(t)} ${this.facts(t)}</div>
    </details>`}tariffs({tariffs:t,unpriced:n}){if(t.length===0)return e;let{hass:r}=this,i=(e,t,n)=>c`<tr>
        <td>${e}</td>
        <td class="number">${x(r,t).write(t)}</td>
        <td class="number">${n}</td>
      </tr>`;return c`<table>
      <tr>
        <th scope="col">${this.t(`charge_tariff`)}</th>
        <th scope="col" class="number">${this.t(`charge_energy`)}</th>
        <th scope="col" class="number">${this.t(`charge_cost`)}</th>
      </tr>
      ${t.map(e=>i(e.tariff_name,e.energy,C(r,e.currency).write(e.cost)))}
      ${n>0?i(this.t(`charge_unpriced`),n,`–`):e}
    </table>`}interruptions({interruptions:t}){return t.length===0?e:c`<h4>${this.t(`charge_interruptions`)}</h4>
      <ul class="secondary">
        ${t.map(e=>c`<li>${U(this.hass,e,this.zone)}</li>`)}
      </ul>`}facts({charge:t,card:n}){let r=[...t===null?[]:[`${y(this.hass,t,1)}\u00a0Ah`],...n===null?[]:[`${this.t(`charge_card`)} ${n}`]];return r.length===0?e:c`<p class="secondary">${r.join(` · `)}</p>`}};a([n({attribute:!1})],W.prototype,`hass`,void 0),a([n({attribute:!1})],W.prototype,`sessions`,void 0),a([n({attribute:!1})],W.prototype,`zone`,void 0),a([t()],W.prototype,`all`,void 0),W=a([i(`ews-station-sessions`)],W);var G=`ews-station-card`,K=[`sessions`,...M],q=.5,J=[16,32,63,125];async function Y(e){return{schema:[{name:`station`,required:!0,selector:{select:{options:(await Z(e)).map(({id:e,name:t})=>({value:e,label:t})),mode:`dropdown`}}},{name:`title`,selector:{text:{}}},{name:`details`,selector:{boolean:{}},default:!0}]}}async function X(e){let[t]=await Z(e);return t===void 0?{}:{station:t.id}}async function Z(e){return(await e.callWS({type:`legrand_ews/charging`}).catch(()=>void 0))?.stations??[]}function Q(e){let t=Math.max(0,...e);return(J.find(e=>t<=e)??t)*1.05}var $=class extends f{constructor(...e){super(...e),this.sessionsError=``}static{this.styles=[f.styles,O,o`
      .now {
        display: grid;
        grid-template-columns: 48px 1fr auto;
        gap: 0 16px;
        align-items: center;
      }
      .badge {
        display: grid;
        place-items: center;
        width: 48px;
        height: 48px;
        border-radius: 50%;
        background: color-mix(in srgb, var(--state) 18%, transparent);
        color: var(--state);
      }
      .now strong {
        display: block;
        font-size: var(--ha-font-size-l, 16px);
        font-weight: 500;
      }
      .limit {
        text-align: end;
        white-space: nowrap;
      }
      .limit strong {
        font-size: var(--ha-font-size-xl, 20px);
      }
      .figures {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(96px, 1fr));
        gap: 12px 16px;
        margin: 0;
      }
      .figures div {
        min-width: 0;
      }
      dt {
        color: var(--secondary-text-color);
        font-size: var(--ha-font-size-s, 12px);
      }
      dd {
        margin: 0;
        font-size: var(--ha-font-size-l, 16px);
        font-weight: 500;
      }
      .facts {
        margin: 0;
      }
      .orders {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
      }
      .orders .button {
        display: flex;
        align-items: center;
        justify-content: center;
        gap: 8px;
        min-height: 40px;
        border-radius: 20px;
        --mdc-icon-size: 20px;
      }
      .chip[aria-expanded="true"] {
        border-color: var(--primary-color);
        background: color-mix(in srgb, var(--primary-color) 15%, transparent);
      }
    `]}setConfig(e){let t=this.config!==void 0&&this.config.station!==e.station;super.setConfig(e),t&&(this.sessions=void 0,this.open===`sessions`&&this.askSessions())}heading(){return this.station?.name??this.t(`charge_station`)}tools(){let{sessions:e}=this;return this.open!==`sessions`||e===void 0||this.past(e).length===0?[this.enlarger()]:[{icon:`mdi:download`,label:this.t(`action_csv`),press:()=>g(V(this.hass,this.past(e),e.time_zone))},this.enlarger()]}get station(){return this.charging?.stations.find(e=>e.id===this.config.station)}get current(){let{station:e}=this;return e!==void 0&&p(e)?e.session?.id:void 0}past({sessions:e}){return e.filter(e=>e.id!==this.current).sort((e,t)=>t.start-e.start)}watched(){return this.board===void 0||this.open===void 0||this.open===`sessions`?[]:I(this.hass,this.board,this.config.station??``)[this.open]}ask(){super.ask(),this.open===`sessions`&&this.askSessions()}askSessions(){let{station:e}=this.config;if(e===void 0)return;let t=A(this.hass.config.time_zone),n={start:j(t,-29),end:j(t,1),stations:[e]},r=()=>this.config.station===e;h(this.hass).ask(`sessions`,n).then(e=>{r()&&(this.sessions=e,this.sessionsError=``)}).catch(async e=>{let{message:t}=await te(this.hass,e);r()&&(this.sessionsError=t)})}content(){if(this.error!==void 0)return this.trouble(this.error);if(this.charging===void 0)return e;let{station:t}=this;if(t===void 0){let e=this.config.station?`charge_station_gone`:`charge_choose_station`;return this.notice(`mdi:ev-station`,this.t(e))}return c`${p(t)?this.managed(t):this.alone(t)} ${this.folds(t)}`}alone({managed:e}){let t=e?`charge_zone_begins_help`:`charge_left_alone`;return c`<p class="secondary facts">${this.t(t)}</p>`}managed(t){return c`${this.now(t)} ${this.bars(t)} ${this.session(t)} ${this.refusal()}
    ${this.may?this.orders(t):e}`}now(t){let{state:n,limit:r}=t,i=this.word(`charging_state`,n,this.board?.stations[t.id]?.entities.charging_state),a=t.reason===null?``:l(this.hass,t.reason,t.values,t.text),o=r!==null&&(r>0||t.plugged_for!==null);return c`<div class="now">
      <span class="badge" style="--state:${m(n)}"><ha-icon .icon=${d(n)}></ha-icon></span>
      <div role="status">
        <strong>${i}</strong>${a===i?e:c`<span class="secondary">${a}</span>`}
      </div>
      ${o?c`<div class="limit">
              <strong>${this.ampere(r)}</strong><span class="secondary">${this.t(`charge_limit`)}</span>
            </div>`:e}
    </div>`}bars({drawn:t,limit:n,phases:r,plugged_for:i}){if(t===null||i===null||n===0&&t.every(e=>e<q))return e;let a=ee.flatMap((e,n)=>{let i=t[n]??null;return r.includes(e)||(i??0)>0?[{name:e.toUpperCase(),current:i,cars:i,text:this.ampere(i)}]:[]}),o=n===null?[]:[{value:n,color:`var(--error-color)`,name:`${this.t(`charge_limit`)} ${this.ampere(n)}`}];return c`<ews-phase-bars
      .bars=${a}
      .limits=${o}
      .color=${`var(--primary-color)`}
      .end=${Q([...t,n??0])}
      .label=${this.t(`charge_drawn`)}
    ></ews-phase-bars>`}session({session:t,plugged_for:n}){if(t===null)return e;let{hass:r}=this,i=r.config.time_zone,a=ne(new Date(t.start*1e3),i)===A(i)?w(r,t.start,i):b(r,t.start,i),o=[[`charge_energy`,x(r,t.energy??0).write(t.energy)],[`charge_cost`,C(r,t.currency).write(t.cost)],[`charge_time`,n===null?`–`:v(r,n)]],s=[this.t(`charge_since`,{time:a}),...t.charge===null?[]:[`${y(r,t.charge,1)}\u00a0Ah`],...t.card===null?[]:[`${this.t(`charge_card`)} ${t.card}`],...t.interruptions>0?[this.t(`charge_count_interruptions`,{count:t.interruptions})]:[]];return c`<dl class="figures">
        ${o.map(([e,t])=>c`<div><dt>${this.t(e)}</dt><dd>${t}</dd></div>`)}
      </dl>
      <p class="facts secondary">${s.join(` · `)}</p>`}orders(t){let{device_id:n,priority:r,state:i}=t;if(n===null||t.plugged_for===null)return e;let a={device_id:n},o=(e,t,n,r)=>c`<button
        class="button ${r?`strong`:``}"
        ?disabled=${n||this.busy}
        @click=${()=>this.order(T,e,{},a)}
      >
        <ha-icon .icon=${t}></ha-icon>${this.t(`charge_action_${e}`)}
      </button>`;return c`<div class="orders">
        ${o(`start_charge`,`mdi:play`,i===`charging`,i===`held`)}
        ${o(`hold_charge`,`mdi:pause`,i===`held`,!1)}
      </div>
      ${k({label:this.t(`charge_priority`),help:this.t(`charge_priority_help`),on:r,disabled:this.busy,press:()=>void this.order(T,`set_charge_priority`,{priority:!r},a)})}`}folds(t){return this.config.details===!1?e:c`<div class="chips">
        ${K.map(e=>c`<button
            class="chip"
            aria-expanded=${String(this.open===e)}
            aria-controls="fold"
            @click=${()=>this.unfold(e)}
          >
            ${this.t(`charge_fold_${e}`)}
          </button>`)}
      </div>
      <div id="fold" ?hidden=${this.open===void 0}>${this.folded(t)}</div>`}unfold(e){this.open=this.open===e?void 0:e,this.open===`sessions`&&this.askSessions()}folded(t){return this.open===void 0?e:this.open===`sessions`?this.sessionsError?c`<p class="secondary facts">${this.sessionsError}</p>`:this.sessions===void 0?e:c`<ews-station-sessions
      .hass=${this.hass}
      .sessions=${this.past(this.sessions)}
      .zone=${this.sessions.time_zone}
    ></ews-station-sessions>`:this.board===void 0?e:c`<ews-station-details
        .hass=${this.hass}
        .board=${this.board}
        .station=${t}
        .page=${this.open}
      ></ews-station-details>`}};a([t()],$.prototype,`open`,void 0),a([t()],$.prototype,`sessions`,void 0),a([t()],$.prototype,`sessionsError`,void 0),$=a([i(G)],$);export{$ as StationCard,Q as endOf,Y as form,X as stub,G as tag};