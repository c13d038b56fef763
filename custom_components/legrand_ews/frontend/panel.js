import{a as e,d as t,f as n,i as r,l as i,m as a,n as o,p as s,r as c,s as l,t as u,u as d}from"./card.js";import{t as f}from"./repeat.js";import{r as ee,t as p}from"./client.js";import{a as te,o as m,r as h,s as ne}from"./texts.js";import{n as re,t as ie}from"./switch.js";import{t as ae}from"./picker.js";var oe=new Set([`unavailable`,`unknown`]),se=[`power`,`volume`,`energy`],ce=`binary_sensor.`,le={meter:`mdi:meter-electric-outline`,counter:`mdi:meter-electric-outline`,pulse_meter:`mdi:counter`,concentrator:`mdi:counter`,state:`mdi:electric-switch`,control:`mdi:electric-switch`,breaker:`mdi:electric-switch`,io:`mdi:import`,station:`mdi:ev-station`},ue={gas:`mdi:meter-gas-outline`,water:`mdi:water-outline`},de={silent:{icon:`mdi:lan-disconnect`,tone:`error`},tripped:{icon:`mdi:flash-alert`,tone:`error`},fault:{icon:`mdi:alert-circle-outline`,tone:`error`},problem:{icon:`mdi:alert-outline`,tone:`warning`}},fe={open:`mdi:electric-switch`,off:`mdi:electric-switch`,closed:`mdi:electric-switch-closed`,on:`mdi:electric-switch-closed`},pe=new Set([`closed`,`on`,`charging`]);function g(e){return[...Object.values(e.main),..._(e)]}function me(e){return[...new Set([...Object.values(e.main),...Object.values(e.pages).flat()])]}function _({pages:e}){return[...e.state??[],...e.charge??[]].filter(e=>e.startsWith(ce))}function v(e){return e?.state===`on`&&e.attributes.device_class===`problem`}function y(e,t,n){if(!t.enabled||!n)return;let{communication:r,state:i,trip:a,station:o,charge:s}=t.main,c=(t,n)=>t!==void 0&&e.states[t]?.state===n;return c(r,`off`)?`silent`:c(a,`on`)||c(i,`tripped`)?`tripped`:c(o,`fault`)||c(s,`fault`)?`fault`:b(e,t)===void 0?void 0:`problem`}function b(e,t){let{problem:n,link_error:r}=t.main;return[n,r,..._(t)].filter(e=>e!==void 0).map(t=>e.states[t]).find(v)}function x(e,t,n){let r=ge(t);if(!t.enabled)return{icon:r,tone:`idle`,word:h(e,`panel_switched_off`)};if(!n)return{icon:r,tone:`idle`,word:h(e,`panel_gateway_stopped`)};let i=y(e,t,n);if(i!==void 0)return{...de[i],word:he(e,t,i)};let{state:a,charge:o,station:s,communication:c}=t.main,l=[a,o,s,c].find(t=>S(e,t)!==void 0),u=S(e,l);return u===void 0?{icon:r,tone:`idle`,word:``}:{icon:l===a?fe[u.state]??r:r,tone:l!==c&&pe.has(u.state)?`active`:`plain`,word:e.formatEntityState(u)}}function he(e,t,n){let{state:r,trip:i,station:a,charge:o}=t.main,s=(t,...n)=>n.map(t=>t===void 0?void 0:e.states[t]).find(e=>e?.state===t);if(n===`silent`)return h(e,`panel_no_answer`);let c=n===`tripped`?s(`tripped`,r):s(`fault`,a,o);if(n!==`problem`&&c!==void 0)return e.formatEntityState(c);let l=n===`tripped`?s(`on`,i):b(e,t);return l===void 0?``:w(e,l.entity_id,t)}function ge({kind:e,commodity:t}){return ue[t??``]??le[e]??`mdi:electric-switch`}function _e(e,{main:t}){let n=S(e,se.map(e=>t[e]).find(e=>e!==void 0));return n===void 0?``:e.formatEntityState(n)}function S(e,t){let n=t===void 0?void 0:e.states[t];return n===void 0||oe.has(n.state)?void 0:n}function C(e,t){let n=S(e,t);return n===void 0?`–`:e.formatEntityState(n)}function w(e,t,n){let r=e.states[t],i=r===void 0?void 0:e.formatEntityName?.(r,{type:`entity`});if(i)return i;let a=r?.attributes.friendly_name??e.entities[t]?.name??t,o=`${n.name} `;return a.startsWith(o)&&a.length>o.length?a.slice(o.length):a}var T=(e,t={})=>({domain:te,action:e,data:t}),ve={command_open:T(`open_breaker`),command_close:T(`close_breaker`),command_on:T(`switch_output`,{turn_on:!0}),command_off:T(`switch_output`,{turn_on:!1}),command_pulse:T(`pulse_output`),command_blink:T(`blink_output`)},ye=[[`contactor`,T(`close_breaker`),T(`open_breaker`)],[`output`,T(`switch_output`,{turn_on:!0}),T(`switch_output`,{turn_on:!1})]],be=new Set([`start_charge`,`hold_charge`,`session_priority`,`default_priority`]),xe=new Set([`code_required`,`code_wrong`]),E=new WeakSet;function Se(e,t){t?E.add(e.connection):E.delete(e.connection)}function Ce(e){return E.has(e.connection)}var D=(e,t)=>e.entities[t]?.translation_key??``;function we(e,t){return be.has(D(e,t))?`charge`:`command`}function O(e,t,n){return{entity:n,label:w(e,n,t),plain:{domain:`button`,action:`press`,data:{}},coded:ve[D(e,n)]}}function k(e,t,n,r){let i=D(e,n).replace(/_n$/,``),a=ye.find(([e])=>e===i);return{entity:n,label:h(e,r?`panel_turn_on`:`panel_turn_off`,{name:w(e,n,t)}),plain:{domain:`switch`,action:r?`turn_on`:`turn_off`,data:{}},coded:a?.[r?1:2]}}function A(e,t,n,r,i){let a=typeof r==`string`;return{entity:n,label:h(e,`panel_choose`,{name:w(e,n,t),value:i}),plain:a?{domain:`select`,action:`select_option`,data:{option:r}}:{domain:`number`,action:`set_value`,data:{value:r}},coded:T(`configure_output`,{[D(e,n)||`on_time`]:r})}}async function Te(e,t,n=``){let{domain:r,action:i,data:a}=n===``?t.plain:t.coded??t.plain,o=n===``||t.coded===void 0?a:{...a,code:n};try{await e.callService(r,i,o,{entity_id:t.entity},!1);return}catch(n){let r=n?.translation_key??``,i=xe.has(r);return i&&E.add(e.connection),{message:(await ee(e,n)).message,code:i&&t.coded!==void 0}}}var j=[`gateway`,`area`,`load`,`group`],Ee=[`all`,`trouble`,`breaker`,`meter`,`station`,`io`],M={breaker:[`breaker`,`state`,`control`],meter:[`meter`,`counter`,`pulse_meter`,`concentrator`],station:[`station`],io:[`io`]},N={gateway:({gateway:e})=>[e],area:({area:e})=>[e],load:({load:e})=>[e],group:({groups:e})=>e.length>0?e:[null]},P=new Intl.Collator(`en`,{numeric:!0});function F({gateways:e}){return new Set(e.filter(({loaded:e})=>e).map(({id:e})=>e))}function I({devices:e}){return j.filter(t=>t===`gateway`||e.some(e=>N[t](e)[0]!==null))}function De({devices:e}){let t=new Set(e.map(({kind:e})=>e));return Ee.filter(e=>e===`all`||e===`trouble`||M[e].some(e=>t.has(e)))}function Oe(e,t,n,r){let i=F(t),a=r.toLocaleLowerCase().split(/\s+/).filter(Boolean),o=t=>n===`all`?!0:n===`trouble`?y(e,t,i.has(t.gateway))!==void 0:M[n].includes(t.kind);return e=>{if(!o(e))return!1;let t=`${e.address} ${e.name} ${e.model} ${e.model_name}`.toLocaleLowerCase();return a.every(e=>t.includes(e))}}function ke(e,t,n){let r=new Map;for(let i of e)for(let e of N[t](i)){let t=e!==null&&n(e)!==void 0?e:``,a=r.get(t)??[];r.set(t,a),a.includes(i)||a.push(i)}return[...r].map(([e,t])=>({key:e,name:e===``?void 0:n(e),devices:t.sort((e,t)=>P.compare(e.address,t.address))})).sort((e,t)=>Number(e.key===``)-Number(t.key===``)||P.compare(e.name??``,t.name??``))}function Ae(e,t,n,r){let i=t=>{let n=t?e.devices[t]:void 0;return n?.name_by_user??n?.name},a=new Map(t.gateways.map(({id:e,name:t})=>[e,t]));return{gateway:e=>a.get(e),area:t=>e.areas[t]?.name,load:e=>n?.loads[e]??i(t.loads[e]?.device_id),group:e=>n?.groups[e]??i(t.groups[e]?.device_id)}[r]}var je={measure:`M2.2 11.5a6 6 0 1 1 11.6 0M8 10.5l3-4`,state:`M8 2.5a5.5 5.5 0 1 0 .01 0M8 6.8a1.2 1.2 0 1 0 .01 0`,command:`M5 4.5h6a3.5 3.5 0 0 1 0 7h-6a3.5 3.5 0 0 1 0-7M11 6.8a1.2 1.2 0 1 0 .01 0`,link:`M6.3 9.7l3.4-3.4M7.2 4.6l1-1a3 3 0 0 1 4.2 4.2l-1 1M8.8 11.4l-1 1a3 3 0 0 1-4.2-4.2l1-1`},Me=[`language`,`locale`,`themes`],L=s`
  [data-tone] {
    --tone: var(--secondary-text-color);
  }
  [data-tone="error"] {
    --tone: var(--error-color);
  }
  [data-tone="warning"] {
    --tone: var(--warning-color, #ffa600);
  }
  [data-tone="active"] {
    --tone: var(--primary-color);
  }
  [data-tone="idle"] {
    --tone: var(--disabled-text-color, #bdbdbd);
  }
  .sign {
    display: grid;
    flex: none;
    place-items: center;
    width: 40px;
    height: 40px;
    border-radius: 50%;
    background: color-mix(in srgb, var(--tone) 16%, transparent);
    color: var(--tone);
    --mdc-icon-size: 22px;
  }
`,R=class extends r{constructor(...e){super(...e),this.loaded=!0,this.watched=[]}static{this.styles=[L,s`
      :host {
        display: block;
        content-visibility: auto;
        contain-intrinsic-size: auto 66px;
      }
      button {
        display: flex;
        align-items: center;
        gap: 12px;
        box-sizing: border-box;
        width: 100%;
        min-height: 66px;
        padding: 10px 12px;
        border: 1px solid var(--divider-color, #e0e0e0);
        border-radius: 12px;
        background: none;
        color: var(--primary-text-color);
        font: inherit;
        font-size: var(--ha-font-size-m, 14px);
        line-height: 1.4;
        text-align: start;
        cursor: pointer;
      }
      button:hover {
        background: color-mix(in srgb, var(--primary-text-color) 5%, transparent);
      }
      button:focus-visible {
        outline: 2px solid var(--primary-color);
        outline-offset: -2px;
      }
      .what {
        flex: 1;
        min-width: 0;
      }
      .line {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 12px;
      }
      .line + .line {
        margin-top: 2px;
        color: var(--secondary-text-color);
        font-size: var(--ha-font-size-s, 12px);
      }
      .cut {
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .name {
        font-weight: 500;
      }
      .value {
        flex: none;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      .about {
        display: flex;
        flex: 1 1 auto;
        align-items: center;
        gap: 6px;
        min-width: 0;
      }
      .address {
        flex: none;
        min-width: 1.4em;
        padding: 0 5px;
        border-radius: 6px;
        background: color-mix(in srgb, var(--primary-text-color) 9%, transparent);
        color: var(--primary-text-color);
        font-variant-numeric: tabular-nums;
        line-height: 18px;
        text-align: center;
      }
      .symbols {
        display: flex;
        flex: none;
        gap: 2px;
      }
      svg {
        width: 16px;
        height: 16px;
        fill: none;
        stroke: currentColor;
        stroke-linecap: round;
        stroke-width: 1.3;
      }
      .word {
        flex: 0 1 auto;
        max-width: 50%;
      }
      [data-tone="error"] .word,
      [data-tone="warning"] .word {
        color: color-mix(in srgb, var(--tone) 80%, var(--primary-text-color));
        font-weight: 500;
      }
      [data-tone="warning"] .word {
        color: color-mix(in srgb, var(--tone) 55%, var(--primary-text-color));
      }
      button[data-tone="error"] {
        border-color: color-mix(in srgb, var(--tone) 60%, transparent);
      }
    `]}willUpdate(e){e.has(`device`)&&(this.watched=g(this.device))}shouldUpdate(e){if(this.hass===void 0||this.device===void 0)return!1;let t=e.get(`hass`);if(e.size>1||t===void 0)return!0;let n=this.hass;return Me.some(e=>t[e]!==n[e])||this.watched.some(e=>t.states[e]!==n.states[e])}render(){let{hass:t,device:n}=this,{icon:r,tone:i,word:a}=x(t,n,this.loaded),{address:o,name:s,model:c,model_name:u,functions:d}=n;return l`<button data-tone=${i} @click=${()=>m(this,`open`,{id:n.id})}>
      <span class="sign"><ha-icon .icon=${r}></ha-icon></span>
      <span class="what">
        <span class="line">
          <span class="name cut" title=${s}>${s}</span>
          <span class="value">${_e(t,n)}</span>
        </span>
        <span class="line">
          <span class="about">
            <span class="address" title=${h(t,`panel_address`,{address:o})}>${o}</span>
            <span class="cut">${c||u}</span>
            ${d.length>0?l`<span class="symbols">${d.map(e=>this.symbol(e))}</span>`:e}
          </span>
          <span class="word cut" title=${a}>${a}</span>
        </span>
      </span>
    </button>`}symbol(e){let t=h(this.hass,`panel_${e}`);return l`<svg viewBox="0 0 16 16" role="img" aria-label=${t}>
      ${i`<title>${t}</title><path d=${je[e]}></path>`}
    </svg>`}};o([n({attribute:!1})],R.prototype,`hass`,void 0),o([n({attribute:!1})],R.prototype,`device`,void 0),o([n({attribute:!1})],R.prototype,`loaded`,void 0),R=o([a(`ews-board-tile`)],R);var Ne=s`
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 16px;
  }
  .find {
    display: flex;
    flex: 1 1 320px;
    justify-content: flex-end;
    gap: 8px;
    min-width: 0;
    margin-inline-start: auto;
  }
  .find select {
    flex: 0 1 auto;
    min-width: 0;
    text-overflow: ellipsis;
  }
  .find input {
    flex: 1 1 160px;
    min-width: 0;
    max-width: 320px;
  }
  .sections {
    display: grid;
    gap: 16px;
    min-height: 0;
  }
  h3 {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 12px;
    margin: 4px 0 8px;
    font-size: var(--ha-font-size-m, 14px);
    font-weight: 500;
  }
  .secondary {
    font-weight: 400;
  }
  .chip.alert {
    --mdc-icon-size: 18px;
  }
  .chip.alert[aria-pressed="true"] {
    border-color: var(--error-color);
    background: color-mix(in srgb, var(--error-color) 12%, transparent);
  }
  .alert,
  .away {
    color: color-mix(in srgb, var(--error-color) 80%, var(--primary-text-color));
    font-weight: 500;
  }
  .away {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    font-size: var(--ha-font-size-s, 12px);
    --mdc-icon-size: 16px;
  }
  .tiles {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr));
    gap: 8px;
  }
  .link {
    display: inline-flex;
    align-items: center;
    text-decoration: none;
  }
  @container (max-width: 520px) {
    .find input {
      max-width: none;
    }
    .find select {
      max-width: 45%;
    }
  }
`,z=s`
  dialog {
    box-sizing: border-box;
    flex-direction: column;
    width: min(680px, calc(100vw - 48px));
    height: min(720px, calc(100dvh - 64px));
    max-width: none;
    max-height: none;
    padding: 0;
    overflow: hidden;
    border: 0;
    border-radius: var(--ha-dialog-border-radius, 24px);
    background: var(--ha-dialog-surface-background, var(--ha-card-background, var(--card-background-color, #fff)));
    color: var(--primary-text-color);
    font-size: var(--ha-font-size-m, 14px);
    box-shadow: 0 8px 32px rgb(0 0 0 / 24%);
  }
  dialog[open] {
    display: flex;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 45%);
  }
  dialog.small {
    width: min(400px, calc(100vw - 32px));
    height: fit-content;
    padding: 24px;
    gap: 16px;
  }
  .small h2 {
    flex: none;
    font-size: var(--ha-font-size-xl, 20px);
    white-space: normal;
  }
  .small p {
    margin: 0;
  }
  .small label,
  .small .failed {
    margin-bottom: 16px;
  }
  .small .what {
    display: grid;
    gap: 4px;
    padding: 12px 16px;
    border-radius: 12px;
    background: color-mix(in srgb, var(--primary-text-color) 6%, transparent);
  }
  .small .what strong {
    font-weight: 500;
  }
  .small label {
    display: grid;
    gap: 4px;
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
  }
  .actions {
    display: flex;
    justify-content: flex-end;
    gap: 8px;
  }
  .failed {
    display: flex;
    gap: 8px;
    padding: 8px 12px;
    border-radius: 8px;
    background: color-mix(in srgb, var(--error-color) 12%, transparent);
  }
  .failed ha-icon {
    flex: none;
    color: var(--error-color);
  }
  .top {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 16px 12px 12px 24px;
  }
  .top .names {
    flex: 1;
    min-width: 0;
  }
  .top h2 {
    font-size: var(--ha-font-size-xl, 20px);
    font-weight: 400;
  }
  .top .secondary {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .top a {
    display: inline-grid;
  }
  .tabs {
    display: flex;
    flex: none;
    gap: 4px;
    padding: 0 16px;
    overflow-x: auto;
    border-bottom: 1px solid var(--ews-line);
    scrollbar-width: none;
  }
  .tabs button {
    flex: none;
    min-height: 44px;
    padding: 0 12px;
    border: 0;
    border-bottom: 2px solid transparent;
    background: none;
    color: var(--secondary-text-color);
    font-weight: 500;
  }
  .tabs button[aria-selected="true"] {
    border-bottom-color: var(--primary-color);
    color: var(--primary-color);
  }
  .tabs button:focus-visible {
    outline-offset: -4px;
  }
  .body {
    flex: 1;
    min-height: 0;
    overflow: auto;
    padding: 8px 24px 24px;
    container-type: inline-size;
  }
  .done {
    display: flex;
    align-items: center;
    gap: 8px;
    margin: 12px 0 0;
    padding: 8px 12px;
    border-radius: 8px;
    background: color-mix(in srgb, var(--success-color) 14%, transparent);
  }
  h3 {
    margin: 20px 0 4px;
    font-size: var(--ha-font-size-m, 14px);
    font-weight: 500;
  }
  table + table {
    margin-top: 16px;
  }
  tbody tr:last-child > * {
    border-bottom: 0;
  }
  tbody th {
    padding-inline-end: 12px;
    color: inherit;
    font-weight: 400;
    overflow-wrap: anywhere;
  }
  thead th {
    font-size: var(--ha-font-size-s, 12px);
  }
  thead th.number,
  .phases td {
    width: 19%;
  }
  th,
  td {
    padding: 4px 0;
  }
  .figure {
    min-height: 32px;
    margin-inline-end: -8px;
    padding: 0 8px;
    border: 0;
    border-radius: 8px;
    background: none;
    text-align: end;
    white-space: normal;
  }
  .phases .figure {
    white-space: nowrap;
  }
  .figure:hover {
    background: color-mix(in srgb, currentColor 8%, transparent);
  }
  .figure.bad {
    color: color-mix(in srgb, var(--error-color) 80%, var(--primary-text-color));
    font-weight: 500;
    --mdc-icon-size: 18px;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    padding: 8px 0;
  }
  .setting {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 4px 16px;
    padding: 6px 0;
  }
  .setting form {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .setting input {
    width: 7em;
  }
  @container (max-width: 520px) {
    .phases thead {
      position: absolute;
      clip-path: inset(50%);
    }
    .phases tr {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(72px, 1fr));
      gap: 0 8px;
      padding: 8px 0;
      border-bottom: 1px solid var(--ews-line);
    }
    .phases tr:last-child {
      border-bottom: 0;
    }
    .phases tbody th {
      grid-column: 1 / -1;
      padding: 0;
      border: 0;
    }
    .phases td {
      width: auto;
      padding: 0;
      border: 0;
      text-align: start;
    }
    .phases td::before {
      content: attr(data-phase);
      display: block;
      margin-top: 4px;
      color: var(--secondary-text-color);
      font-size: var(--ha-font-size-s, 12px);
    }
    .phases td:empty {
      display: none;
    }
    .phases .figure {
      min-height: 28px;
      margin-inline: -8px 0;
      text-align: start;
    }
  }
  @media (max-width: 600px) {
    dialog:not(.small) {
      width: 100vw;
      height: 100dvh;
      border-radius: 0;
    }
    .top {
      padding: 12px 4px 8px 16px;
    }
    .tabs {
      padding: 0 4px;
    }
    .body {
      padding: 8px 16px 24px;
    }
  }
`,B=class extends r{constructor(...e){super(...e),this.place=[],this.busy=!1,this.failure=``,this.coded=!1}static{this.styles=[c,z]}firstUpdated(){this.coded=this.command.coded!==void 0&&Ce(this.hass),this.dialog.showModal()}render(){let t=e=>h(this.hass,e),[n,...r]=this.place;return l`<dialog
      class="small"
      aria-labelledby="title"
      @close=${()=>m(this,`command-closed`)}
      @cancel=${e=>{this.busy&&e.preventDefault()}}
    >
      <h2 id="title">${t(`panel_confirm`)}</h2>
      <p class="what">
        <strong>${this.command.label}</strong>
        <span>${n}</span>
        <span class="secondary">${r.join(` · `)}</span>
      </p>
      <p class="secondary">${t(`panel_confirm_text`)}</p>
      <form @submit=${this.send}>
        ${this.coded?l`<label>${t(`panel_code`)}<input type="password" autocomplete="off" ?disabled=${this.busy} /></label>`:e}
        <div role="alert">
          ${this.failure?l`<p class="failed"><ha-icon .icon=${`mdi:alert-circle-outline`}></ha-icon>${this.failure}</p>`:e}
        </div>
        <div class="actions">
          <button type="button" class="button" autofocus ?disabled=${this.busy} @click=${()=>this.dialog.close()}>
            ${t(`action_cancel`)}
          </button>
          <button class="button strong" ?disabled=${this.busy}>
            ${this.busy?t(`panel_sending`):t(`panel_send`)}
          </button>
        </div>
      </form>
    </dialog>`}async send(e){if(e.preventDefault(),this.busy)return;let t=this.field?.value??``;this.busy=!0,this.failure=``;let n=await Te(this.hass,this.command,t);if(this.busy=!1,n===void 0){m(this,`command-done`,{label:this.command.label}),this.dialog.close();return}let r=n.code&&!this.coded;this.coded||=n.code,this.failure=r?``:n.message,await this.updateComplete,n.code&&this.field?.select()}};o([n({attribute:!1})],B.prototype,`hass`,void 0),o([n({attribute:!1})],B.prototype,`command`,void 0),o([n({attribute:!1})],B.prototype,`place`,void 0),o([t()],B.prototype,`busy`,void 0),o([t()],B.prototype,`failure`,void 0),o([t()],B.prototype,`coded`,void 0),o([d(`dialog`)],B.prototype,`dialog`,void 0),o([d(`input`)],B.prototype,`field`,void 0),B=o([a(`ews-command-dialog`)],B);var Pe=[`station_error`,`charge_error`],V=e=>({pages:t})=>t[e]??[],H=e=>({pages:t},n)=>(t.charge??[]).filter(t=>n(t).startsWith(e)),Fe=({pages:e},t)=>(e.charge??[]).filter(e=>!Pe.some(n=>t(e).startsWith(n))),Ie=({main:e})=>[e.communication,e.events].filter(e=>e!==void 0),U=[`energy`,`power`,`voltage`,`distortion`,`volume`,`other`,`cost`].map(e=>({title:e,of:V(e)})),W={title:`states`,of:V(`state`)},G={title:`commands`,manner:`commands`,of:V(`command`)},K={title:`communication`,of:Ie},q={title:`clock`,manner:`commands`,of:V(`clock`)},J={title:`settings`,manner:`settings`,of:V(`settings`)},Le={station:[[`charge`,[{title:`states`,of:Fe},W,K]],[`station_errors`,[{title:`page_station_errors`,of:H(`station_error`)}]],[`charge_errors`,[{title:`page_charge_errors`,of:H(`charge_error`)}]],[`commands`,[G,q]],[`measure`,U],[`settings`,[J]]],device:[[`measure`,U],[`state`,[W,{title:`charging`,of:V(`charge`)},G,K,q]],[`settings`,[J]]]};function Re(e,t){let n=t=>e.entities[t]?.translation_key??``;return Le[t.kind===`station`?`station`:`device`].map(([e,r])=>({key:e,parts:r.map(({title:e,manner:r=`values`,of:i})=>({title:e,manner:r,entities:i(t,n)})).filter(({entities:e})=>e.length>0)})).filter(({parts:e})=>e.length>0)}var Y=/\s+(L[123](?:-L[123])?)(?=,|$)/,ze=[[``,`L1`,`L2`,`L3`],[`L1-L2`,`L2-L3`,`L3-L1`]];function Be(e){let t=Y.exec(e);return t===null?[e,``]:[e.replace(Y,``),t[1]]}function Ve(e){let t=new Map;for(let{id:n,name:r}of e){let[e,i]=Be(r),a=t.get(e)??new Map;a.has(i)?t.set(`${r} (${n})`,new Map([[``,n]])):t.set(e,a.set(i,n))}let n=[],r=ze.map(e=>({columns:[...e],lines:[]}));for(let[e,i]of t)if([...i.keys()].every(e=>e===``))n.push({name:e,cells:[i.get(``)]});else for(let t of r){let n=t.columns.map(e=>i.get(e));n.some(e=>e!==void 0)&&t.lines.push({name:e,cells:n})}return[...r.map(X),{columns:[``],lines:n}].filter(e=>e.lines.length>0)}function X({columns:e,lines:t}){let n=e.map((e,n)=>t.some(e=>e.cells[n]!==void 0)),r=e=>e.filter((e,t)=>n[t]);return{columns:r(e),lines:t.map(e=>({...e,cells:r(e.cells)}))}}var Z=class extends r{constructor(...e){super(...e),this.gateway=``,this.loaded=!0,this.rights=[],this.page=``,this.done=``}static{this.styles=[c,L,re,z]}shouldUpdate(e){let t=e.get(`hass`);return e.size>1||t===void 0||t.language!==this.hass.language||me(this.device).some(e=>t.states[e]!==this.hass.states[e])}firstUpdated(){this.dialog.showModal()}t(e,t){return h(this.hass,`panel_${e}`,t)}render(){let t=Re(this.hass,this.device),n=t.find(({key:e})=>e===this.page)??t[0];return l`<dialog closedby="any" aria-labelledby="name" @close=${()=>m(this,`closed`)}>
        ${this.top()} ${t.length>1?this.tabs(t,n?.key):e}
        <div class="body" role=${t.length>1?`tabpanel`:e} aria-labelledby="tab-${n?.key}">
          <div role="status">
            ${this.done?l`<p class="done"><ha-icon .icon=${`mdi:check`}></ha-icon>${this.done}</p>`:e}
          </div>
          ${n===void 0?l`<div class="notice"><p>${this.t(`nothing`)}</p></div>`:n.parts.map(e=>this.drawn(e,n.parts.length>1))}
        </div>
      </dialog>
      ${this.confirmation()}`}top(){let{hass:t,device:n}=this,{icon:r,tone:i,word:a}=x(t,n,this.loaded),o=[this.t(`address`,{address:n.address}),`${n.model} ${n.model_name}`.trim(),this.gateway],s=this.t(`device_page`);return l`<div class="top">
      <span class="sign" data-tone=${i}><ha-icon .icon=${r}></ha-icon></span>
      <div class="names">
        <h2 id="name">${n.name}</h2>
        <div class="secondary" title=${o.join(` · `)}>${[a,...o].filter(Boolean).join(` · `)}</div>
      </div>
      ${t.user?.is_admin&&n.device_id!==null?l`<a class="tool" href="/config/devices/device/${n.device_id}" title=${s} aria-label=${s}>
              <ha-icon .icon=${`mdi:cog-outline`}></ha-icon>
            </a>`:e}
      <button
        class="tool"
        title=${h(t,`action_close`)}
        aria-label=${h(t,`action_close`)}
        @click=${()=>this.dialog.close()}
      >
        <ha-icon .icon=${`mdi:close`}></ha-icon>
      </button>
    </div>`}tabs(e,t){return l`<div class="tabs" role="tablist" aria-label=${this.t(`pages`)} @keydown=${n=>{let r={ArrowLeft:-1,ArrowRight:1}[n.key];if(r===void 0)return;let i=e.findIndex(({key:e})=>e===t);this.page=e.at((i+r)%e.length)?.key??``,this.updateComplete.then(()=>this.renderRoot.querySelector(`[aria-selected=true]`)?.focus())}}>
      ${e.map(({key:e})=>l`<button
          role="tab"
          id="tab-${e}"
          aria-selected=${String(e===t)}
          tabindex=${e===t?0:-1}
          @click=${()=>{this.page=e}}
        >
          ${this.t(`page_${e}`)}
        </button>`)}
    </div>`}drawn({title:t,manner:n,entities:r},i){let a={values:e=>this.values(e),commands:e=>this.commands(e),settings:e=>this.settings(e)},o=n===`values`?r:r.filter(e=>this.may(e)),s=r.filter(e=>!o.includes(e)&&!e.startsWith(`button.`));return o.length+s.length===0?l``:l`<section>
      ${i?l`<h3>${this.t(t)}</h3>`:e} ${o.length>0?a[n](o):e}
      ${s.length>0?this.values(s):e}
    </section>`}may(e){return this.commandable(e)&&this.rights.includes(we(this.hass,e))}commandable(e){return/^(button|switch|select|number)\./.test(e)}name(e){return w(this.hass,e,this.device)}values(e){return l`${Ve(e.map(e=>({id:e,name:this.name(e)}))).map(e=>this.table(e))}`}table({columns:t,lines:n}){let r=t.length===1&&t[0]===``,i=e=>e||this.t(`total`),a=l`<thead>
      <tr>
        <th><span class="unseen">${this.t(`quantity`)}</span></th>
        ${t.map(e=>l`<th class="number" scope="col">${i(e)}</th>`)}
      </tr>
    </thead>`;return l`<table class=${r?`plain`:`phases`}>
      ${r?e:a}
      <tbody>
        ${n.map(({name:e,cells:n})=>l`<tr>
            <th scope="row">${e}</th>
            ${n.map((e,n)=>e===void 0?l`<td></td>`:l`<td class="number" data-phase=${i(t[n]??``)}>${this.figure(e)}</td>`)}
          </tr>`)}
      </tbody>
    </table>`}figure(t){let n=v(this.hass.states[t]);return l`<button
      class="figure ${n?`bad`:``}"
      title=${this.t(`details`,{name:this.name(t)})}
      @click=${()=>ne(this,t)}
    >
      ${n?l`<ha-icon .icon=${`mdi:alert-outline`}></ha-icon>`:e} ${C(this.hass,t)}
    </button>`}ask(e){this.done=``,this.asked=e}commands(t){let{hass:n,device:r}=this,i=t.filter(e=>e.startsWith(`switch.`)),a=t.filter(e=>e.startsWith(`button.`)),o=t.filter(e=>!i.includes(e)&&!a.includes(e));return l`
      ${i.map(e=>{let t=n.states[e]?.state===`on`;return ie({label:this.name(e),help:C(n,e),on:t,disabled:this.away(e),press:()=>this.ask(k(n,r,e,!t))})})}
      ${a.length>0?l`<div class="buttons">${a.map(e=>this.button(e))}</div>`:e}
      ${o.length>0?this.settings(o):e}
    `}away(e){let t=this.hass.states[e]?.state;return t===void 0||t===`unavailable`}button(e){return l`<button
      class="button"
      ?disabled=${this.away(e)}
      @click=${()=>this.ask(O(this.hass,this.device,e))}
    >
      ${this.name(e)}
    </button>`}settings(t){let n=t.filter(e=>e.startsWith(`switch.`));return l`
      ${t.filter(e=>!n.includes(e)).map(e=>{let t=this.hass.states[e];return l`<div class="setting">
            <span id=${e}>${this.name(e)}</span>
            ${t===void 0?`–`:e.startsWith(`select.`)?this.select(e,t):this.number(e,t)}
          </div>`})}
      ${n.length>0?this.commands(n):e}
    `}select(t,n){let{hass:r,device:i}=this,a=e=>{let a=e.target,{value:o}=a;a.value=n.state,this.ask(A(r,i,t,o,r.formatEntityState(n,o)))},o=n.attributes.options??[];return l`<select aria-labelledby=${t} ?disabled=${this.away(t)} .value=${n.state} @change=${a}>
      ${o.includes(n.state)?e:l`<option value=${n.state} selected hidden>–</option>`}
      ${o.map(e=>l`<option value=${e} ?selected=${e===n.state}>
          ${r.formatEntityState(n,e)}
        </option>`)}
    </select>`}number(t,n){let{min:r,max:i,step:a,unit_of_measurement:o}=n.attributes;return l`<form @submit=${e=>{e.preventDefault();let r=e.target.querySelector(`input`)?.valueAsNumber??NaN;if(!Number.isFinite(r))return;let i=this.hass.formatEntityState(n,String(r));this.ask(A(this.hass,this.device,t,r,i))}}>
      <input
        type="number"
        required
        min=${r??e}
        max=${i??e}
        step=${a??`any`}
        aria-labelledby=${t}
        ?disabled=${this.away(t)}
        .value=${Number.isFinite(Number(n.state))?n.state:``}
      />
      <span>${o??``}</span>
      <button class="button" ?disabled=${this.away(t)}>${this.t(`write`)}</button>
    </form>`}confirmation(){if(this.asked===void 0)return e;let{name:t,address:n}=this.device;return l`<ews-command-dialog
      .hass=${this.hass}
      .command=${this.asked}
      .place=${[t,this.t(`address`,{address:n}),this.gateway]}
      @command-done=${e=>{this.done=this.t(`taken`,{command:e.detail.label})}}
      @command-closed=${()=>{this.asked=void 0}}
    ></ews-command-dialog>`}};o([n({attribute:!1})],Z.prototype,`hass`,void 0),o([n({attribute:!1})],Z.prototype,`device`,void 0),o([n({attribute:!1})],Z.prototype,`gateway`,void 0),o([n({attribute:!1})],Z.prototype,`loaded`,void 0),o([n({attribute:!1})],Z.prototype,`rights`,void 0),o([t()],Z.prototype,`page`,void 0),o([t()],Z.prototype,`asked`,void 0),o([t()],Z.prototype,`done`,void 0),o([d(`dialog`)],Z.prototype,`dialog`,void 0),Z=o([a(`ews-device-dialog`)],Z);var He=`/config/integrations/integration/legrand_ews`,Ue=`/config/integrations/dashboard/add?domain=legrand_ews`,Q=`ews-panel-card`,$=class extends u{constructor(...e){super(...e),this.rights=[],this.show=`all`,this.words=``,this.lines=new Map}static{this.styles=[u.styles,Ne]}setConfig(e){let{group_by:t}=e;if(t!==void 0&&!j.includes(t))throw Error(`group_by must be one of ${j.join(`, `)}`);super.setConfig(e),this.grouping=t,this.installed!==void 0&&this.take(this.installed)}listen(){let e=p(this.hass).follow(()=>this.learn());return this.learn(),[e]}learn(){let e=p(this.hass),t=()=>void 0;e.ask(`board`).then(e=>this.take(e),e=>{this.error=e}),e.ask(`access`).then(({rights:e})=>{this.rights=e},t),e.ask(`site`).then(e=>{this.site=e},t)}take(e){let{gateway:t}=this.config;this.installed=e;let n=t?e.devices.filter(e=>e.gateway===t):e.devices;this.board={...e,devices:n},Se(this.hass,e.code===!0),this.error=void 0,this.lines=new Map(n.map(e=>[e,g(e)]))}concerns(e){let{hass:t,board:n}=this;if(n===void 0)return!1;let r=n=>e.states[n]!==t.states[n],i=new Set([...this.lines].filter(([,e])=>e.some(r)).map(([e])=>e)),a=this.renderRoot.querySelector(`ews-device-dialog`);if(a!==null&&(a.hass=t),i.size>0)for(let e of this.renderRoot.querySelectorAll(`ews-board-tile`))i.has(e.device)&&(e.hass=t);let o=F(n),s=n=>{let r=o.has(n.gateway);return y(e,n,r)!==y(t,n,r)};return[...i].some(s)||n.gateways.some(({entities:e})=>r(e.connected??``))}heading(){return this.t(`panel_title`)}tools(){return this.board?.devices.length?[this.enlarger()]:[]}content(){let{board:t}=this;if(t===void 0)return this.error===void 0?e:this.trouble(this.error);if(t.gateways.length===0)return this.next(`gateway`,`mdi:lan-connect`,Ue);if(t.devices.length===0)return this.next(`devices`,`mdi:meter-electric-outline`,He);let n=t.devices.filter(Oe(this.hass,t,this.show,this.words)),r=F(t),i=t.devices.filter(e=>y(this.hass,e,r.has(e.gateway)));return l`${this.bar(t,i.length)} ${n.length>0?this.sections(t,n):this.emptiness()}
    ${this.dialog(t)}`}next(e,t,n){let r=this.hass.user?.is_admin,i=l`<a class="button link" href=${n}>${this.t(`next_${e}_button`)}</a>`;return this.notice(t,this.t(r?`next_${e}`:`next_ask`),r?i:void 0)}bar(t,n){let r=I(t),i=r.map(e=>({key:e,name:this.t(`panel_by_${e}`)})),a=this.t(`panel_show`);return l`<div class="bar">
      ${r.length>1?ae(this.t(`panel_grouping`),i,this.order(r),e=>{this.grouping=e}):e}
      ${n>0?this.alert(n):e}
      <span class="find">
        <select
          aria-label=${a}
          title=${a}
          @change=${e=>{this.show=e.target.value}}
        >
          ${De(t).map(e=>l`<option value=${e} .selected=${e===this.show}>${this.t(`panel_show_${e}`)}</option>`)}
        </select>
        <input
          type="search"
          placeholder=${this.t(`panel_search`)}
          aria-label=${this.t(`panel_search`)}
          .value=${this.words}
          @input=${e=>{this.words=e.target.value}}
        />
      </span>
    </div>`}alert(e){let t=this.show===`trouble`;return l`<button class="chip alert" aria-pressed=${String(t)} @click=${()=>{this.show=t?`all`:`trouble`}}>
      <ha-icon .icon=${`mdi:alert-circle-outline`}></ha-icon>${this.t(`panel_trouble`,{count:e})}
    </button>`}order(e){return e.find(e=>e===this.grouping)??`gateway`}sections(e,t){let n=this.order(I(e)),r=F(e),i=ke(t,n,Ae(this.hass,e,this.site,n));return l`<div
      class="sections"
      @open=${e=>{this.opened=e.detail.id}}
    >
      ${f(i,({key:e})=>e,t=>l`<section>
          ${this.caption(e,t,n,r)}
          <div class="tiles">
            ${f(t.devices,({id:e})=>e,e=>l`<ews-board-tile
                .hass=${this.hass}
                .device=${e}
                .loaded=${r.has(e.gateway)}
              ></ews-board-tile>`)}
          </div>
        </section>`)}
    </div>`}caption(t,n,r,i){let{key:a,name:o,devices:s}=n,c=s.filter(e=>y(this.hass,e,i.has(e.gateway))).length,u=r===`gateway`?t.gateways.find(({id:e})=>e===a):void 0;return l`<h3>
      <span>${o??this.t(`panel_no_${r}`)}</span>
      <span class="secondary">
        ${this.t(`panel_count`,{count:s.length})}${c>0?l` · <span class="alert">${this.t(`panel_trouble`,{count:c})}</span>`:e}
      </span>
      ${u===void 0?e:this.connection(u)}
    </h3>`}connection({loaded:t,entities:n}){let r=n.connected===void 0?void 0:this.hass.states[n.connected];if(t&&r?.state!==`off`)return e;let i=t&&r!==void 0?this.hass.formatEntityState(r):this.t(`panel_gateway_stopped`);return l`<span class="away"><ha-icon .icon=${`mdi:lan-disconnect`}></ha-icon>${i}</span>`}emptiness(){let e=()=>{this.show=`all`,this.words=``},t=this.show===`trouble`&&this.words.trim()===``;return this.notice(t?`mdi:check-circle-outline`:`mdi:filter-off-outline`,this.t(t?`panel_no_trouble`:`panel_none_found`),l`<button class="button" @click=${e}>${this.t(`panel_show_all_again`)}</button>`)}deviceOf(e){return e===void 0?void 0:this.board?.devices.find(t=>t.id===e)}dialog(t){let n=this.deviceOf(this.opened);if(n===void 0)return e;let r=t.gateways.find(({id:e})=>e===n.gateway);return l`<ews-device-dialog
      .hass=${this.hass}
      .device=${n}
      .gateway=${r?.name??``}
      .loaded=${r?.loaded??!1}
      .rights=${this.rights}
      @closed=${()=>{this.opened=void 0}}
      @keydown=${e=>{e.key===`Escape`&&e.stopPropagation()}}
    ></ews-device-dialog>`}};o([t()],$.prototype,`board`,void 0),o([t()],$.prototype,`site`,void 0),o([t()],$.prototype,`rights`,void 0),o([t()],$.prototype,`error`,void 0),o([t()],$.prototype,`grouping`,void 0),o([t()],$.prototype,`show`,void 0),o([t()],$.prototype,`words`,void 0),o([t()],$.prototype,`opened`,void 0),$=o([a(Q)],$);async function We(e){let{gateways:t}=await p(e).ask(`board`).catch(()=>({gateways:[]})),n=j.map(t=>({value:t,label:h(e,`panel_by_${t}`)})),r=t.map(({id:e,name:t})=>({value:e,label:t}));return{schema:[{name:`title`,selector:{text:{}}},{name:`group_by`,default:`gateway`,selector:{select:{options:n,mode:`dropdown`}}},{name:`gateway`,selector:{select:{options:r,mode:`dropdown`}}}]}}export{$ as PanelCard,We as form,Q as tag};