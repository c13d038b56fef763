import{a as e,d as t,m as n,n as r,p as i,s as a,u as o}from"./card.js";import{a as s,c,n as l,o as u,r as d,t as f}from"./station-look.js";import{a as p}from"./format.js";import{s as m}from"./texts.js";import{n as h,t as g}from"./switch.js";var _=`ews-load-manager-card`,v=[`load_control`,`control_logic`],y={green:{icon:`mdi:check-circle-outline`,color:`var(--success-color)`},yellow:{icon:`mdi:alert-outline`,color:`var(--warning-color)`},red:{icon:`mdi:alert-octagon-outline`,color:`var(--error-color)`},blind:{icon:`mdi:eye-off-outline`,color:`var(--secondary-text-color)`}};function b(){let e={selector:{boolean:{}},default:!0};return{schema:[{name:`title`,selector:{text:{}}},{name:`switches`,...e},{name:`queue`,...e}]}}function x(e){let{charging:t}=c(e);return u.map((e,n)=>t.some(e=>e.drawn===null&&e.state===`charging`)?null:t.reduce((e,t)=>e+(t.drawn?.[n]??0),0))}function S(e){if(!e.load_control)return{};let{charge_current:t,max_current:n}=e;return t<n?{charge:t,max:n}:{max:n}}var C=class extends d{static{this.styles=[d.styles,h,i`
      .zone {
        display: flex;
        align-items: center;
        gap: 12px;
        padding: 12px 16px;
        border-radius: 12px;
        background: color-mix(in srgb, var(--zone) 16%, transparent);
      }
      .zone > ha-icon {
        flex: none;
        color: var(--zone);
        --mdc-icon-size: 32px;
      }
      .zone div {
        flex: 1;
        min-width: 0;
      }
      .zone strong {
        display: block;
        font-size: var(--ha-font-size-l, 16px);
        font-weight: 500;
      }
      .counts {
        flex: none !important;
        text-align: end;
        white-space: nowrap;
      }
      .key {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 20px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .key li {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .mark {
        width: 0;
        height: 14px;
        border-inline-start: 2px solid var(--primary-text-color);
      }
      .mark.soft {
        border-inline-start-style: dashed;
      }
      .band {
        display: inline-block;
        width: 12px;
        height: 12px;
        border-radius: 3px;
      }
      section {
        padding-top: 4px;
      }
      h3 {
        margin: 0 0 4px;
        color: var(--secondary-text-color);
        font-size: var(--ha-font-size-m, 14px);
        font-weight: 500;
      }
      .switches {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(260px, 1fr));
        gap: 0 32px;
      }
      .set {
        margin: 8px 0;
      }
      .set span {
        display: block;
      }
      ol {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 420px), 1fr));
        gap: 0 40px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .row {
        display: grid;
        grid-template-columns: 40px 1fr auto;
        gap: 0 12px;
        align-items: center;
        width: 100%;
        min-height: 56px;
        padding: 6px 0;
        border: 0;
        border-radius: 8px;
        background: none;
        text-align: start;
      }
      .badge {
        display: grid;
        place-items: center;
        width: 40px;
        height: 40px;
        border-radius: 50%;
        background: color-mix(in srgb, var(--state) 18%, transparent);
        color: var(--state);
        --mdc-icon-size: 22px;
      }
      .row .secondary {
        display: block;
      }
      .row .star {
        color: var(--warning-color);
        --mdc-icon-size: 16px;
      }
      .row .number {
        text-align: end;
      }
      .rest {
        margin: 0;
      }
      dialog {
        max-width: 420px;
        padding: 24px;
        border: 0;
        border-radius: 16px;
        background: var(--card-background-color, #fff);
        color: var(--primary-text-color);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 50%);
      }
      dialog h3 {
        color: var(--primary-text-color);
        font-size: var(--ha-font-size-l, 16px);
      }
      dialog div {
        display: flex;
        justify-content: end;
        gap: 8px;
      }
    `]}heading(){return this.t(`charge_load_manager`)}tools(){return[this.enlarger()]}content(){if(this.error!==void 0)return this.trouble(this.error);if(this.charging===void 0)return e;let{manager:t,stations:n}=this.charging;return t===null?this.unmanaged():a`${this.zone(t,c(n))} ${this.phases(t,n)} ${this.refusal()}
    ${this.config.switches===!1?e:this.switches(t)}
    ${this.config.queue===!1?e:this.queue(n)} ${this.question()}`}zone(e,t){let n=e.zone===null?{icon:`mdi:timer-sand`,color:`var(--secondary-text-color)`}:y[e.zone],r=e.zone===null?this.t(`charge_zone_begins`):this.word(`zone`,e.zone,this.board?.load_manager?.entities.zone);return a`<div class="zone" style="--zone:${n.color}" role="status">
      <ha-icon .icon=${n.icon}></ha-icon>
      <div><strong>${r}</strong>${this.meaning(e)}</div>
      <div class="counts">
        <div>${this.t(`charge_count_charging`,{count:t.charging.length})}</div>
        <div class="secondary">${this.t(`charge_count_waiting`,{count:t.waiting.length})}</div>
      </div>
    </div>`}meaning({zone:e,mode:t,load_control:n,control_logic:r}){return r?e===null?this.t(`charge_zone_begins_help`):n?this.t(e===`yellow`?`charge_zone_yellow_${t}`:`charge_zone_${e}_help`):this.t(`charge_zone_unlimited`):this.t(`charge_zone_watching`)}phases(t,n){let r=this.limits(t),i=this.bars(t,n),o=i.some(e=>e.cars!==null&&e.current!==null);return a`<section>
      <ews-phase-bars .bars=${i} .limits=${r} .label=${this.t(`charge_phases`)}></ews-phase-bars>
    </section>
    <ul class="key secondary">
      ${o?a`<li><span class="band" style="background:#7a8a99"></span>${this.t(`charge_other_loads`)}</li>
            <li><span class="band" style="background:var(--primary-color)"></span>${this.t(`charge_cars`)}</li>`:e}
      ${r.map(e=>a`<li><span class="mark ${e.soft?`soft`:``}"></span>${e.name}</li>`)}
    </ul>`}limits(e){let{charge:t,max:n}=S(e),r=(e,t,n,r=!1)=>t===void 0?[]:[{value:t,color:n,soft:r,name:this.t(e,{current:this.ampere(t)})}];return[...r(`charge_limit_charging`,t,y.yellow.color,!0),...r(`charge_limit_maximum`,n,y.red.color)]}bars(e,t){let n=x(t);return u.flatMap((t,r)=>{let i=e.currents?.[r]??null,a=e.headroom?.[r]??null;if(i!==null&&this.unseen(t))return[];let o=a===null||!e.load_control?void 0:this.leftover(a),s=e.load_control&&a!==null&&a<0,c=n[r]??null;return[{name:t.toUpperCase(),current:i,cars:c,text:this.ampere(i),note:o,alarm:s}]})}unseen(e){let t=this.board?.load_manager?.entities[`headroom_${e}`];return t!==void 0&&this.hass.states[t]?.state===`unknown`}leftover(e){let t=e<0?`charge_too_much`:`charge_left`;return this.t(t,{current:this.ampere(Math.abs(e))})}switches(e){return a`<section>
      <h3>${this.t(`charge_sharing`,{mode:this.t(`charge_mode_${e.mode}`)})}</h3>
      <div class="switches">${v.map(t=>this.setting(t,e[t]))}</div>
    </section>`}setting(e,t){let n=this.t(`charge_${e}`),r=this.t(`charge_${e}_${t?`on`:`off`}`),i=this.board?.load_manager?.entities[e];return!this.may||i===void 0?a`<p class="set">${n}<span class="secondary">${r}</span></p>`:g({label:n,help:r,on:t,disabled:this.busy,press:()=>t?this.confirm(e):void this.turn(e,!0)})}async confirm(e){this.asked=e,await this.updateComplete,this.dialog?.showModal()}async turn(e,t){let n=this.board?.load_manager?.entities[e];n!==void 0&&await this.order(`switch`,t?`turn_on`:`turn_off`,{},{entity_id:n})}question(){let t=this.asked;return a`<dialog aria-labelledby="question" @close=${()=>{this.asked=void 0}}>
      ${t===void 0?e:this.asking(t)}
    </dialog>`}asking(e){let t=()=>this.dialog?.close();return a`<h3 id="question">${this.t(`charge_${e}_question`)}</h3>
      <p>${this.t(`charge_${e}_off`)}</p>
      <div>
        <button class="button" @click=${t}>${this.t(`action_cancel`)}</button>
        <button class="button danger" @click=${()=>{t(),this.turn(e,!1)}}>${this.t(`action_turn_off`)}</button>
      </div>`}queue(e){if(e.length===0)return a`<p class="rest secondary">${this.t(`charge_no_stations`)}</p>`;let{charging:t,waiting:n,standing:r,free:i,alone:o}=c(e);return a`${this.lined(`charge_line_charging`,t)} ${this.lined(`charge_line_waiting`,n)}
    ${this.lined(`charge_line_standing`,r)} ${this.named(`charge_line_free`,i)}
    ${this.named(`charge_line_alone`,o)}`}lined(t,n){return n.length===0?e:a`<section>
      <h3>${this.t(t,{count:n.length})}</h3>
      <ol>
        ${n.map(e=>a`<li>${this.row(e)}</li>`)}
      </ol>
    </section>`}row(t){let{id:n,name:r,state:i,limit:o,waited:c,plugged_for:u,priority:d}=t,h=this.board?.stations[n]?.entities.charging_state,g=()=>{h!==void 0&&m(this,h)},_=this.word(`charging_state`,i,h),v=t.reason===null?_:s(this.hass,t.reason,t.values,t.text),y=c??u,b=c===null?`charge_there_for`:`charge_waits_for`;return a`<button class="row" ?disabled=${h===void 0} @click=${g}>
      <span class="badge" style="--state:${f(i)}"><ha-icon .icon=${l(i)}></ha-icon></span>
      <span>
        ${r}
        ${d?a`<ha-icon class="star" .icon=${`mdi:star`} role="img" aria-label=${this.t(`charge_priority`)}></ha-icon>`:e}
        <span class="secondary">${v}</span>
      </span>
      <span class="number">
        ${o===null||o===0?e:this.ampere(o)}
        ${y===null?e:a`<span class="secondary">${this.t(b,{time:p(this.hass,y)})}</span>`}
      </span>
    </button>`}named(t,n){if(n.length===0)return e;let r=n.map(e=>e.name).join(`, `);return a`<p class="rest secondary">${this.t(t,{count:n.length})}: ${r}</p>`}};r([t()],C.prototype,`asked`,void 0),r([o(`dialog`)],C.prototype,`dialog`,void 0),C=r([n(_)],C);export{C as LoadManagerCard,x as carsOf,b as form,S as limitsOf,_ as tag};