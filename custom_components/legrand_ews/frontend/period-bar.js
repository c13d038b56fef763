import{r as e}from"./texts.js";import{a as t,f as n,i as r,m as i,n as a,p as o,r as s,s as c,u as l}from"./card.js";import{t as u}from"./client.js";import{a as d,c as f,d as p,f as m,i as h,l as g,o as _,p as v,s as y,t as b,u as x}from"./period.js";var S={name:`title`,selector:{text:{}}},C={name:`collection_key`,selector:{text:{}}};function w(t,n,r,i=`word_`){return j(n,r.map(n=>({value:n,label:e(t,`${i}${n}`)})))}function T(e,t){return{name:e,default:t,selector:{boolean:{}}}}function E(e){return w(e,`period`,[`shared`,...b],`period_`)}function D(e){return[E(e),T(`previous`,!0),C]}async function O(e){return u(e).ask(`site`).catch(()=>void 0)}function k(e){let t=Object.entries(e?.groups??{}).map(([e,t])=>({value:e,label:t}));return t.length>0?[j(`group`,t)]:[]}function A(t,n){if(n===void 0)return[];let r=(n,r)=>`${e(t,`word_${n}`)}: ${r}`,i=[...Object.entries(n.loads).map(([e,t])=>({value:e,label:r(`load`,t)})),...Object.entries(n.groups).map(([e,t])=>({value:e,label:r(`group`,t)})),...n.devices.map(({id:e,name:t})=>({value:e,label:r(`device`,t)}))];return[{...j(`keys`,i),selector:{select:{options:i,multiple:!0,mode:`dropdown`}}}]}function j(e,t){return{name:e,selector:{select:{options:t,mode:`dropdown`}}}}var M=class{constructor(e,t,n=`day`){this.key=t,this.listeners=new Set,this.controls=0,this.hass=e,this.seen=this.today,this.picked={period:{span:n,date:this.today},previous:!0}}get today(){return v(this.hass.config.time_zone)}get controlled(){return this.controls>0||this.collection!==void 0}control(){return this.controls+=1,this.tell(),()=>{--this.controls,this.tell()}}set(e){this.picked={...this.picked,...e},e.period!==void 0&&this.pass(e.period),this.tell()}shift(e){this.set({period:m(this.picked.period,e)})}subscribe(e,t){this.hass=e,this.listeners.add(t),this.bind(),this.wake();let n=window.setTimeout(()=>this.bind(),500);return()=>{window.clearTimeout(n),this.listeners.delete(t),this.listeners.size===0&&this.rest()}}wake(){window.clearTimeout(this.midnight);let{today:e,seen:t}=this,{period:n}=this.picked;this.seen=e,g(n)&&f(n,t)&&!f(n,e)&&this.collection===void 0&&this.set({period:{...n,date:e}});let r=h(x(e,1),this.hass.config.time_zone).getTime();this.midnight=window.setTimeout(()=>this.wake(),Math.max(1e3,r-Date.now()))}bind(){if(this.collection!==void 0||this.key===void 0||this.listeners.size===0)return;let e=this.hass.connection[`_${this.key}`];if(e?.start!==void 0&&typeof e.subscribe==`function`){this.collection=e;try{this.leave=e.subscribe(()=>this.hear())}catch{this.collection=void 0;return}this.hear()}}rest(){window.clearTimeout(this.midnight),this.leave?.(),this.leave=void 0,this.collection=void 0}hear(){if(this.collection===void 0)return;let e=this.pickerZone,t=y(this.collection.start,e),n=this.collection.end===void 0?this.today:y(this.collection.end,e),[r,i]=_(this.picked.period);(r!==t||i!==x(n,1))&&(this.picked={...this.picked,period:d(t,n)}),this.tell()}get pickerZone(){return this.hass.locale.time_zone===`server`?this.hass.config.time_zone:Intl.DateTimeFormat().resolvedOptions().timeZone}pass(e){if(this.collection===void 0)return;let[t,n]=_(e),r=this.pickerZone;this.collection.setPeriod(h(t,r),new Date(h(n,r).getTime()-1)),this.collection.refresh()}tell(){for(let e of[...this.listeners])e()}},N=new WeakMap;function P(e,t){let n=t??`energy_${e.panelUrl}`,r=N.get(e.connection);r===void 0&&(r=new Map,N.set(e.connection,r));let i=r.get(n);return i===void 0&&(i=new M(e,n),r.set(n,i)),i}var F=(e,t)=>t===void 0||e.language!==t.language||e.locale!==t.locale;function I(e,t){return e.localeCompare(t)<0?e:t}function L(e,t){return I(g(e)?e.date:x(e.end,-1),t)}var R=class extends r{constructor(...e){super(...e),this.compact=!1}connectedCallback(){super.connectedCallback(),this.hasUpdated&&(this.follow(),this.requestUpdate())}disconnectedCallback(){super.disconnectedCallback(),this.leave?.(),this.leave=void 0}updated(e){e.has(`store`)&&this.follow()}follow(){this.leave?.(),this.leave=this.store.subscribe(this.hass,()=>this.requestUpdate())}t(t){return e(this.hass,t)}get period(){return this.store.picked.period}lengthen(e){this.store.set({period:{span:e,date:L(this.period,this.store.today)}})}go(e){let t=g(this.period)?this.period.span:`day`;this.store.set({period:{span:t,date:e}})}openPicker(){try{this.picker.showPicker()}catch{this.picker.focus()}}render(){return c`<div class="bar">${this.compact?t:this.spans()} ${this.arrows()} ${this.more()}</div>`}get span(){return g(this.period)?this.period.span:void 0}spans(){return c`<div class="spans" role="group" aria-label=${this.t(`period_length`)}>
      ${b.map(e=>c`<button aria-pressed=${String(e===this.span)} @click=${()=>this.lengthen(e)}>
          ${this.t(`period_${e}`)}
        </button>`)}
    </div>`}spanList(){return c`<select
      aria-label=${this.t(`period_length`)}
      @change=${e=>this.lengthen(e.target.value)}
    >
      ${this.span===void 0?c`<option value="" selected disabled>–</option>`:t}
      ${b.map(e=>c`<option .value=${e} .selected=${e===this.span}>${this.t(`period_${e}`)}</option>`)}
    </select>`}arrow(e,t,n,r){return c`<button
      class="tool"
      title=${t}
      aria-label=${t}
      ?disabled=${r}
      @click=${()=>this.store.shift(n)}
    >
      <ha-icon .icon=${e}></ha-icon>
    </button>`}arrows(){let{today:e}=this.store,[t]=_(this.period),n=_(m(this.period,1))[0]>e;return c`<div class="walk">
      ${this.arrow(`mdi:chevron-left`,this.t(`period_back`),-1,!1)}
      <span class="day">
        <button class="name" title=${this.t(`period_pick`)} @click=${()=>this.openPicker()}>
          <span aria-live="polite">${p(this.period,this.hass.locale.language)}</span>
        </button>
        <input
          type="date"
          tabindex="-1"
          aria-label=${this.t(`period_pick`)}
          max=${e}
          .value=${g(this.period)?this.period.date:t}
          @change=${t=>{let{value:n}=t.target;n!==``&&this.go(I(n,e))}}
        />
      </span>
      ${this.arrow(`mdi:chevron-right`,this.t(`period_forward`),1,n)}
    </div>`}todayButton(e){let t=f(this.period,e),n=this.t(`period_today`),r=()=>this.go(e);return c`<button class="button" ?disabled=${t} @click=${r}>${n}</button>
      <button class="tool today" title=${n} aria-label=${n} ?hidden=${t} @click=${r}>
        <ha-icon .icon=${`mdi:calendar-today`}></ha-icon>
      </button>`}more(){let{today:e,picked:n}=this.store,r=this.t(`period_compare`);return c`<div class="more">
      ${this.compact?this.spanList():t}
      ${this.todayButton(e)}
      <button
        class="tool"
        role="switch"
        title=${r}
        aria-label=${r}
        aria-checked=${String(n.previous)}
        aria-pressed=${String(n.previous)}
        ?disabled=${!g(this.period)}
        @click=${()=>this.store.set({previous:!n.previous})}
      >
        <ha-icon .icon=${`mdi:compare-horizontal`}></ha-icon>
      </button>
    </div>`}static{this.styles=[s,o`
      :host {
        height: auto;
        container-type: inline-size;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 8px 16px;
      }
      :host([compact]) .bar {
        flex-wrap: nowrap;
        gap: 8px;
      }
      .spans {
        display: inline-flex;
        overflow: hidden;
        border: 1px solid var(--ews-line);
        border-radius: 20px;
      }
      .spans button {
        flex: 1;
        min-height: 38px;
        padding: 0 16px;
        border: 0;
        border-inline-start: 1px solid var(--ews-line);
        background: none;
        font-size: var(--ha-font-size-m, 14px);
        white-space: nowrap;
      }
      .spans button:first-child {
        border: 0;
      }
      .spans button[aria-pressed="true"] {
        background: color-mix(in srgb, var(--primary-color) 15%, transparent);
        color: var(--primary-color);
        font-weight: 500;
      }
      .spans button:focus-visible {
        outline-offset: -4px;
        border-radius: 20px;
      }
      .walk,
      .more {
        display: flex;
        align-items: center;
        gap: 4px;
        min-width: 0;
      }
      .day {
        position: relative;
        min-width: 0;
      }
      .name {
        min-height: 40px;
        max-width: 100%;
        padding: 0 8px;
        overflow: hidden;
        border: 0;
        border-radius: 20px;
        background: none;
        font-size: var(--ha-font-size-l, 16px);
        font-weight: 500;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .name {
        min-width: 11em;
      }
      :host([compact]) .name {
        min-width: 0;
        font-size: var(--ha-font-size-m, 14px);
      }
      .name:hover {
        background: color-mix(in srgb, currentColor 8%, transparent);
      }
      /* There for the place where the browser opens its calendar. */
      input {
        position: absolute;
        inset: 0;
        z-index: -1;
        width: 100%;
        min-width: 0;
        padding: 0;
        opacity: 0;
        pointer-events: none;
      }
      .button:disabled {
        opacity: 0.4;
      }
      .today,
      [hidden] {
        display: none;
      }
      @container (max-width: 520px) {
        .bar {
          gap: 8px;
        }
        .spans {
          width: 100%;
        }
        .spans button {
          padding: 0 4px;
        }
        .walk {
          flex: 1;
        }
        .walk,
        .more {
          gap: 0;
        }
        .tool {
          width: 36px;
        }
        .more .button,
        :host([compact]) .more .tool {
          display: none;
        }
        .today:not([hidden]) {
          display: inline-grid;
        }
        :host .name {
          min-width: 0;
          padding: 0 4px;
          font-size: var(--ha-font-size-m, 14px);
          line-height: 1.2;
          white-space: normal;
        }
      }
    `]}};a([n({attribute:!1,hasChanged:F})],R.prototype,`hass`,void 0),a([n({attribute:!1})],R.prototype,`store`,void 0),a([n({type:Boolean,reflect:!0})],R.prototype,`compact`,void 0),a([l(`input`)],R.prototype,`picker`,void 0),R=a([i(`ews-period-bar`)],R);export{T as a,D as c,C as i,O as l,P as n,k as o,w as r,A as s,M as t,S as u};