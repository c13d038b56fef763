import{a as e,l as t,r as n,t as r}from"./texts.js";import{a as i,d as a,f as o,i as s,m as c,n as l,p as u,r as d,s as f,t as p}from"./card.js";import{r as m,t as h}from"./client.js";import{c as g}from"./format.js";var _=[`l1`,`l2`,`l3`];function v(e){return`state`in e}var y={charging:`charging`,starting:`charging`,waiting:`waiting`,held:`standing`,done:`standing`,fault:`standing`,offline:`standing`,free:`free`};function b(e){let t={charging:[],waiting:[],standing:[],free:[],alone:[]};for(let n of e)v(n)?t[y[n.state]].push(n):t.alone.push(n);return t.charging.sort((e,t)=>(t.plugged_for??0)-(e.plugged_for??0)),t.waiting.sort((e,t)=>x(e)-x(t)||Number(t.priority)-Number(e.priority)||(t.waited??0)-(e.waited??0)),t}function x({values:e}){return typeof e?.place==`number`?e.place:0}var S=class{constructor(e){this.hass=e,this.listeners=new Set}listen(e){return this.listeners.add(e),this.last!==void 0&&e(this.last),this.leave===void 0&&this.begin(),()=>{this.listeners.delete(e),this.listeners.size===0&&this.end()}}begin(){let t=this.hass.connection.subscribeMessage(e=>this.tell({charging:e}),{type:`${e}/charging/subscribe`});this.leave=t,t.catch(e=>{this.leave===t&&(this.leave=void 0,this.tell({error:e}))})}end(){let e=this.leave;this.leave=void 0,this.last=void 0,e?.then(e=>e()).catch(()=>void 0)}tell(e){if(this.listeners.size!==0){this.last=e.error===void 0?e:void 0;for(let t of[...this.listeners])t(e)}}},C=new WeakMap;function w(e,t){let n=C.get(e.connection);return n===void 0&&(n=new S(e),C.set(e.connection,n)),n.listen(t)}async function T(e,t,n,r,i){try{await e.callService(t,n,r,i,!1);return}catch(t){return m(e,t)}}var E=new Map,D=new Map;function O(t){let n=E.get(t.language);return n===void 0&&(n=t.loadBackendTranslation(`selector`,e).then(e=>{D.set(t.language,e)}),n.catch(()=>E.delete(t.language)),E.set(t.language,n)),n}function k(t,i,a,o){let s=Object.fromEntries(Object.entries(a??{}).map(([e,n])=>[e,j(t,e,n)])),c=(D.get(t.language)??t.localize)(`component.${e}.selector.charging_reason.options.${i}`,s);if(c)return c;let l=`charge_reason_${i}`;return o||(r(t,l)?n(t,l):n(t,`charge_reason_unknown`))}function A(e,t,i){let a=`charge_reason_${t}`;return r(e,a)?n(e,a):k(e,t,i)}function j(e,t,n){return typeof n==`number`?t===`seconds`?g(e,Math.ceil(n/10)*10,0):t===`limit`?g(e,Math.round(n*10)/10):g(e,n,0):n}var M=`/config/integrations/integration/${e}`,N=class extends p{constructor(...e){super(...e),this.rights=[],this.refused=``,this.busy=!1}static{this.styles=[d,u`
      .link {
        display: inline-flex;
        align-items: center;
        text-decoration: none;
      }
      .refused {
        display: flex;
        align-items: center;
        gap: 8px;
        margin: 0;
        padding: 8px 8px 8px 12px;
        border-radius: 8px;
        background: color-mix(in srgb, var(--error-color) 12%, transparent);
      }
      .refused span {
        flex: 1;
      }
      .refused ha-icon {
        flex: none;
        color: var(--error-color);
      }
    `]}hear({charging:e,error:t}){this.error=t,e!==void 0&&(this.charging=e)}ask(){let e=h(this.hass);e.ask(`board`).then(e=>{this.board=e},()=>void 0),e.ask(`access`).then(({rights:e})=>{this.rights=e},()=>void 0)}listen(){let e=[h(this.hass).follow(()=>this.ask()),w(this.hass,e=>this.hear(e))];return this.ask(),O(this.hass).then(()=>this.requestUpdate(),()=>void 0),e}get may(){return this.rights.includes(`charge`)}async order(e,t,n,r){if(this.busy)return;this.busy=!0,this.refused=``;let i=await T(this.hass,e,t,n,r);this.refused=i?.message??``,this.busy=!1}refusal(){return f`<div role="alert">
      ${this.refused===``?i:f`<p class="refused">
              <ha-icon .icon=${`mdi:alert-circle-outline`}></ha-icon>
              <span>${this.refused}</span>
              <button class="tool" aria-label=${this.t(`action_close`)} @click=${()=>{this.refused=``}}>
                <ha-icon .icon=${`mdi:close`}></ha-icon>
              </button>
            </p>`}
    </div>`}word(e,t,n){let r=n===void 0?void 0:this.hass.states[n];return r===void 0?this.hass.localize(`component.legrand_ews.entity.sensor.${e}.state.${t}`)||t:this.hass.formatEntityState(r,t)}ampere(e){return e===null?`–`:`${g(this.hass,e,+!Number.isInteger(e))}\u00a0A`}unmanaged(){let e=f`<a class="button link" href=${M} @click=${e=>{e.preventDefault(),t(M)}}>${this.t(`charge_set_up`)}</a>`;return this.notice(`mdi:ev-station`,this.t(`charge_none`),this.hass.user?.is_admin?e:void 0)}};l([a()],N.prototype,`charging`,void 0),l([a()],N.prototype,`board`,void 0),l([a()],N.prototype,`error`,void 0),l([a()],N.prototype,`rights`,void 0),l([a()],N.prototype,`refused`,void 0),l([a()],N.prototype,`busy`,void 0);var P=[1,1.25,1.6,2,2.5,3.2,4,5,6.3,8,10],F=1.12;function I(e,t){let n=Math.max(0,...e)*F,r=Math.max(1,...t.map(e=>e??0));if(r<=n)return n;let i=10**Math.floor(Math.log10(r));return(P.find(e=>e*i>=r)??10)*i}function L(e,t){return Math.min(Math.max(e/t*100,0),100)}var R=class extends s{constructor(...e){super(...e),this.bars=[],this.limits=[],this.color=`var(--success-color)`,this.end=0,this.label=``}static{this.styles=u`
    :host {
      display: block;
      container-type: inline-size;
    }
    .bars {
      display: grid;
      grid-template-columns: auto 1fr auto auto;
      gap: 14px 12px;
      align-items: center;
    }
    .bars.plain {
      grid-template-columns: auto 1fr auto;
    }
    .bar {
      display: contents;
    }
    .name {
      font-weight: 500;
    }
    .text,
    .note {
      text-align: end;
      white-space: nowrap;
      font-variant-numeric: tabular-nums;
    }
    .text {
      font-weight: 500;
    }
    .note {
      color: var(--secondary-text-color);
    }
    .alarm .note,
    .alarm .text {
      color: var(--error-color);
      font-weight: 500;
    }
    .track {
      position: relative;
      height: 22px;
    }
    .zones,
    .fill {
      position: absolute;
      inset: 0;
      overflow: hidden;
      border-radius: 6px;
    }
    .fill {
      inset: 5px 0;
      border-radius: 3px;
    }
    .fill div {
      position: absolute;
      inset-block: 0;
      transition:
        inset-inline-start 0.4s,
        inset-inline-end 0.4s;
    }
    .other {
      background: var(--ews-other, #7a8a99);
    }
    .cars {
      background: var(--primary-color);
    }
    .limit {
      position: absolute;
      inset-block: -3px;
      margin-inline-start: -1px;
      border-inline-start: 2px solid var(--primary-text-color);
    }
    .limit.soft {
      border-inline-start-style: dashed;
    }
    @container (max-width: 520px) {
      .bars {
        grid-template-columns: 1fr auto auto;
        gap: 4px 12px;
      }
      .bars.plain {
        grid-template-columns: 1fr auto;
      }
      .track {
        grid-column: 1 / -1;
        order: 1;
        margin-bottom: 10px;
      }
      .bar {
        display: grid;
        grid-column: 1 / -1;
        grid-template-columns: subgrid;
        gap: inherit;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .fill div {
        transition: none;
      }
    }
  `}render(){let e=this.limits.map(e=>e.value),t=this.bars.map(e=>e.current),n=Math.max(this.end,I(e,t)),r=this.zones(n),i=this.bars.every(e=>e.note===void 0);return f`<div class="bars ${i?`plain`:``}" role="group" aria-label=${this.label}>
      ${this.bars.map(e=>this.bar(e,n,r,i))}
    </div>`}bar(e,t,n,r){let a=[e.text,e.note].filter(Boolean).join(`, `);return f`<div class="bar ${e.alarm?`alarm`:``}">
      <div class="name" aria-hidden="true">${e.name}</div>
      <div
        class="track"
        role="meter"
        aria-label=${e.name}
        aria-valuemin="0"
        aria-valuemax=${t}
        aria-valuenow=${e.current===null?i:Math.min(Math.max(e.current,0),t)}
        aria-valuetext=${a}
      >
        <div class="zones" style="background:${n}"></div>
        <div class="fill">${this.fill(e,t)}</div>
        ${this.limits.map(e=>f`<div
            class="limit ${e.soft?`soft`:``}"
            title=${e.name}
            style="inset-inline-start:${L(e.value,t)}%"
          ></div>`)}
      </div>
      <div class="text" aria-hidden="true">${e.text}</div>
      ${r?i:f`<div class="note" aria-hidden="true">${e.note??i}</div>`}
    </div>`}fill({current:e,cars:t},n){if(e===null)return i;let r=L(e-Math.max(t??0,0),n),a=L(e,n);return f`<div class="other" style="inset-inline:0 ${100-r}%"></div>
      <div class="cars" style="inset-inline:${r}% ${100-a}%"></div>`}zones(e){let t=e=>`color-mix(in srgb, ${e} 24%, transparent)`,n=t(this.color),r=[`${n} 0`];for(let i of this.limits){let a=`${L(i.value,e)}%`;r.push(`${n} ${a}`),n=t(i.color),r.push(`${n} ${a}`)}return`linear-gradient(to ${getComputedStyle(this).direction===`rtl`?`left`:`right`}, ${r.join(`, `)}, ${n} 100%)`}};l([o({attribute:!1})],R.prototype,`bars`,void 0),l([o({attribute:!1})],R.prototype,`limits`,void 0),l([o({attribute:!1})],R.prototype,`color`,void 0),l([o({type:Number})],R.prototype,`end`,void 0),l([o({attribute:!1})],R.prototype,`label`,void 0),R=l([c(`ews-phase-bars`)],R);var z={free:{icon:`mdi:ev-station`,color:`var(--secondary-text-color)`},waiting:{icon:`mdi:timer-sand`,color:`var(--warning-color)`},starting:{icon:`mdi:power-plug-outline`,color:`var(--info-color)`},charging:{icon:`mdi:lightning-bolt`,color:`var(--primary-color)`},done:{icon:`mdi:check`,color:`var(--success-color)`},held:{icon:`mdi:pause`,color:`var(--secondary-text-color)`},fault:{icon:`mdi:alert-circle-outline`,color:`var(--error-color)`},offline:{icon:`mdi:lan-disconnect`,color:`var(--error-color)`}},B=e=>z[e].icon,V=e=>z[e].color;export{k as a,b as c,A as i,B as n,_ as o,N as r,v as s,V as t};