import{a as e,d as t,f as n,i as r,m as i,n as a,p as o,r as s,s as c}from"./card.js";import{t as l}from"./bars.js";import{t as u}from"./client.js";import{n as d,t as ee}from"./csv.js";import{a as te,c as ne,l as f,r as p,s as m,u as h}from"./period-bar.js";import{c as g,d as _,i as v,n as y,s as b,t as x,u as S}from"./format.js";import{l as re,r as C}from"./texts.js";import{n as ie}from"./lines.js";import{i as ae,t as oe}from"./period-card.js";import{n as se}from"./colors.js";import{a as ce,n as w,o as T,t as E}from"./picker.js";import{m as D,n as O,s as k}from"./period.js";import"./pie.js";import"./legend.js";var A=[`electricity`,`export`,`gas`,`water`],j={electricity:`electricity`,export:`electricity`,gas:`gas`,water:`water`},M=[`#607d8b`,`#90a4ae`,`#78909c`,`#b0bec5`];function N(e,t,n){let r=n?.plans[t].tariffs??[],i=e=>{let t=r.findIndex(t=>t.id===e);return t<0?r.length:t},a=e.series.filter(e=>P(e,t));return[...a.filter(e=>e.tariff!==null).sort((e,t)=>i(e.tariff)-i(t.tariff)).map(e=>F(e,r[i(e.tariff)]?.color??`#8a8a8a`)),...a.filter(e=>e.tariff===null).map(e=>F(e,se)),...I(e,t)]}function P(e,t){return e.commodity===j[t]&&e.credit===(t===`export`)}function F(e,t){return{key:[e.tariff??`unpriced`,e.tariff_name??``,e.currency??``].join(`/`),kind:e.tariff===null?`unpriced`:`tariff`,name:e.tariff_name,color:t,currency:e.currency,unit:e.unit,costs:e.costs,sum:e.sum,costsBefore:e.previous_costs??[],sumBefore:e.previous_sum??null,amounts:e.amounts,amount:e.amount_sum,amountsBefore:e.previous_amounts??[],amountBefore:e.previous_amount_sum??null}}function I(e,t){return t===`export`?[]:(e.charges??[]).filter(e=>e.commodity===t).map((e,t)=>({key:`charge/${e.charge}/${e.name}/${e.currency}`,kind:`charge`,name:e.name,color:M[t%M.length]??`#8a8a8a`,currency:e.currency,unit:`Wh`,costs:e.costs,sum:e.sum,costsBefore:e.previous_costs??[],sumBefore:e.previous_sum??null,amounts:[],amount:null,amountsBefore:[],amountBefore:null}))}function L(e){return[...new Set(e.flatMap(e=>e.currency??[]))].sort()}function R(e,t){return e.filter(e=>e.currency===null||e.currency===t)}function z(e){let t=t=>ae(e.map(e=>e[t]));return{cost:t(`sum`),costBefore:t(`sumBefore`),amount:t(`amount`),amountBefore:t(`amountBefore`)}}function B(e,t,n){let r=e.find(e=>e.currency!==null)?.currency??``,i=e.find(e=>e.kind!==`charge`)?.unit??`Wh`,a=[t.tariff,`${t.amount} [${i}]`,`${t.cost} [${r}]`],o=[`${t.amount}, ${t.before} [${i}]`,`${t.cost}, ${t.before} [${r}]`];return[[...a,...n?o:[]],...e.map(e=>[e.name,e.amount,e.sum,...n?[e.amountBefore,e.sumBefore]:[]])]}var V=5;function H(e,t,n,r){let i=Number(t.toFixed(V)).toString(),a=i.includes(`e`)?V:i.split(`.`)[1]?.length??0;return`${g(e,t,Math.max(2,a))}\u00a0${U(e,n)}/${r}`}function U(e,t){return/^[A-Z]{3}$/.test(t)?new Intl.NumberFormat(e.locale.language,{style:`currency`,currency:t,currencyDisplay:`narrowSymbol`}).formatToParts(0).find(e=>e.type===`currency`)?.value??t:t}var W=o`
  .card {
    overflow: auto;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 24px;
    align-items: center;
    justify-content: space-between;
  }
  .controls select {
    flex: 1 1 160px;
    max-width: 320px;
  }
  .price {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
    align-items: baseline;
  }
  .price .dot {
    align-self: center;
  }
  .price b {
    font-size: max(var(--ha-font-size-xl, 20px), 1.4em);
    font-weight: 500;
    font-variant-numeric: tabular-nums;
  }
  .body {
    display: flex;
    flex: 1 0 auto;
    flex-direction: column;
    gap: 12px;
  }
  .card.large .body ~ * {
    display: none;
  }
  ews-bars {
    min-height: 240px;
  }
  dl {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 32px;
    margin: 0;
    padding-top: 12px;
    border-top: 1px solid var(--ews-line);
  }
  dd {
    margin: 0;
    font-variant-numeric: tabular-nums;
  }
  .sum {
    font-weight: 500;
  }
  .remark {
    margin: 0;
  }
  h3 {
    margin: 8px 0 0;
    font-size: var(--ha-font-size-m, 14px);
    font-weight: 500;
  }
`,G=900;function K(e){return/^UTC[+-]/.test(e)?e.slice(3):e}function le(e,t){let n=k(new Date(e*1e3),t),[r,i]=[e/G+80,e/G+112];for(;i-r>1;){let e=Math.floor((r+i)/2);k(new Date(e*G*1e3),t)===n?r=e:i=e}return i*G}var q=new Map;function ue(e){let t=q.get(e);return t===void 0&&(t=new Intl.DateTimeFormat(`en-GB`,{timeZone:e,hour:`2-digit`,minute:`2-digit`,hourCycle:`h23`}),q.set(e,t)),t}function J(e,t){let n=ue(t).format(e*1e3);return(Number(n.slice(0,2))*60+Number(n.slice(3)))/1440}function de(e,t,n,r){let i=[];for(let a=t;a<n;){let t=Math.min(le(a,r),n),o=e.filter(e=>e.start<t&&e.end>a).map(e=>fe(e,a,t,r)).filter(e=>e.to>e.from);i.push({date:k(new Date(a*1e3),r),start:a,end:t,pieces:o}),a=t}return i}function fe({start:e,end:t,tariff:n,price:r},i,a,o){let[s,c]=[Math.max(e,i),Math.min(t,a)];return{start:s,end:c,from:s===i?0:J(s,o),to:c===a?1:J(c,o),tariff:n,price:r}}function pe(e,t){let n=e.findIndex(e=>e.start<=t&&t<e.end),r=e[n];return r===void 0?{}:{active:r,next:e.slice(n+1).find(e=>e.tariff!==r.tariff||e.price!==r.price)}}var me=[0,6,12,18,24],Y=e=>`${(e*100).toFixed(3)}%`,X=class extends r{constructor(...e){super(...e),this.days=[],this.tariffs=new Map,this.zone=`UTC`,this.price=String,this.now=0,this.at={x:0,top:0,bottom:0}}static{this.styles=o`
    :host {
      display: block;
      font-size: max(12px, 0.86em);
    }
    .strip {
      display: grid;
      grid-template-columns: auto 1fr;
      gap: 4px 12px;
      align-items: center;
      border-radius: 8px;
    }
    .strip:focus-visible {
      outline: 2px solid var(--primary-color);
      outline-offset: 4px;
    }
    .day {
      color: var(--secondary-text-color);
      white-space: nowrap;
    }
    .day.today {
      color: var(--primary-text-color);
      font-weight: 500;
    }
    .row {
      position: relative;
      height: 22px;
      overflow: hidden;
      border-radius: 6px;
      background: color-mix(in srgb, var(--primary-text-color) 6%, transparent);
    }
    .piece {
      position: absolute;
      inset-block: 0;
      container-type: inline-size;
      box-sizing: border-box;
      border-inline-end: 1px solid var(--card-background-color, #fff);
      background: var(--color);
      line-height: 22px;
    }
    .piece.none {
      background: repeating-linear-gradient(
        -45deg,
        transparent 0 4px,
        color-mix(in srgb, var(--primary-text-color) 22%, transparent) 4px 5px
      );
    }
    .piece.pointed {
      outline: 2px solid var(--primary-text-color);
      outline-offset: -2px;
    }
    .piece span {
      display: none;
      padding: 0 8px;
      overflow: hidden;
      color: var(--ink);
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    @container (min-width: 72px) {
      .piece span {
        display: block;
      }
    }
    .now {
      position: absolute;
      inset-block: 0;
      width: 2px;
      background: var(--primary-text-color);
      box-shadow: 0 0 0 1px var(--card-background-color, #fff);
    }
    .hours {
      display: flex;
      justify-content: space-between;
      color: var(--secondary-text-color);
      font-variant-numeric: tabular-nums;
    }
    .hours span {
      width: 0;
      display: flex;
      justify-content: center;
      white-space: nowrap;
    }
    .hours span:first-child {
      justify-content: flex-start;
    }
    .hours span:last-child {
      justify-content: flex-end;
    }
    ul {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 20px;
      margin: 12px 0 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: inline-flex;
      gap: 8px;
      align-items: center;
    }
    .dot {
      position: static;
      flex: none;
      width: 12px;
      height: 12px;
      border: 0;
      border-radius: 3px;
    }
    li span {
      color: var(--secondary-text-color);
      font-variant-numeric: tabular-nums;
    }
    .unseen {
      position: absolute;
      width: 1px;
      height: 1px;
      margin: 0;
      overflow: hidden;
      clip-path: inset(50%);
    }
  `}render(){return c`<div
        class="strip"
        tabindex="0"
        role="group"
        aria-label=${C(this.hass,`tariffs_week`)}
        @keydown=${this.key}
        @pointerleave=${()=>this.point(void 0)}
        @blur=${()=>this.point(void 0)}
      >
        ${this.days.map(e=>this.row(e))}
        <span></span>
        <div class="hours" aria-hidden="true">${me.map(e=>c`<span>${e}</span>`)}</div>
      </div>
      ${this.legend()}
      <p class="unseen" aria-live="polite">${this.pointed===void 0?e:this.told(this.pointed)}</p>
      <ews-tip .tip=${this.tip()} @close=${()=>this.point(void 0)}></ews-tip>`}row(t){let n=t.start<=this.now&&this.now<t.end,r=this.weekday(t.start,`short`),i=`${this.weekday(t.start,`long`)}: ${t.pieces.map(e=>this.said(e)).join(`; `)}`;return c`<div class="day ${n?`today`:``}" aria-hidden="true">${r}</div>
      <div class="row" role="img" aria-label=${i}>
        ${t.pieces.map(e=>this.piece(e))}
        ${n?c`<div class="now" style="inset-inline-start: ${Y(J(this.now,this.zone))}"></div>`:e}
      </div>`}piece(t){let n=this.known(t),r=`inset-inline-start: ${Y(t.from)}; width: ${Y(t.to-t.from)}`,i=n===void 0?``:`; --color: ${n.color}; --ink: ${he(n.color)}`,a=`${n===void 0?`none`:``} ${this.pointed?.start===t.start?`pointed`:``}`;return c`<div
      class="piece ${a}"
      data-start=${t.start}
      style="${r}${i}"
      @pointerenter=${()=>this.point(t)}
      @pointerdown=${()=>this.point(t)}
    >
      <span>${n?.name??e}</span>
    </div>`}known(e){return e.tariff===null?void 0:this.tariffs.get(e.tariff)}point(e){let t=e&&this.renderRoot.querySelector(`[data-start="${e.start}"]`)?.getBoundingClientRect();t!==void 0&&(this.at={x:t.left+t.width/2,top:t.top,bottom:t.bottom}),this.pointed=e}tip(){let{pointed:e,at:t}=this;if(e===void 0)return;let{name:n,color:r}=this.named(e),i=e.price===null?``:this.price(e.price);return{at:t,gap:12,heads:[{name:this.weekday(e.start,`long`),value:this.hours(e)}],rows:[{name:n,color:r,value:i}]}}key(e){e.key===`Escape`&&this.pointed!==void 0&&(e.stopPropagation(),this.point(void 0));let t={ArrowRight:1,ArrowDown:1,ArrowLeft:-1,ArrowUp:-1}[e.key];if(t===void 0)return;e.preventDefault();let n=this.days.flatMap(e=>e.pieces),r=n.findIndex(e=>e.start===this.pointed?.start);this.point(n[r<0?0:Math.max(0,Math.min(n.length-1,r+t))])}legend(){let t=[...new Map(this.days.flatMap(e=>e.pieces).map(e=>[`${e.tariff} ${e.price}`,e])).values()].sort((e,t)=>(e.price??1/0)-(t.price??1/0));return c`<ul>
      ${t.map(t=>{let{name:n,color:r}=this.named(t);return c`<li>
          <i class="piece dot ${r===void 0?`none`:``}" style="--color: ${r??`none`}"></i>${n}
          ${t.price===null?e:c`<span>${this.price(t.price)}</span>`}
        </li>`})}
    </ul>`}weekday(e,t){let{language:n}=this.hass.locale,r=this.zone,i=t===`short`?{weekday:`short`,day:`numeric`}:{weekday:`long`,day:`numeric`,month:`long`};return new Intl.DateTimeFormat(n,{...i,timeZone:r}).format(e*1e3)}named(e){return this.known(e)??{name:C(this.hass,`tariffs_no_price`)}}hours({start:e,end:t}){return`${S(this.hass,e,this.zone)} – ${S(this.hass,t,this.zone)}`}said(e){let{name:t}=this.named(e);return`${this.hours(e)} ${t}${e.price===null?``:`, ${this.price(e.price)}`}`}told(e){return`${this.weekday(e.start,`long`)}, ${this.said(e)}`}};a([n({attribute:!1})],X.prototype,`hass`,void 0),a([n({attribute:!1})],X.prototype,`days`,void 0),a([n({attribute:!1})],X.prototype,`tariffs`,void 0),a([n({attribute:!1})],X.prototype,`zone`,void 0),a([n({attribute:!1})],X.prototype,`price`,void 0),a([n({attribute:!1})],X.prototype,`now`,void 0),a([t()],X.prototype,`pointed`,void 0),X=a([i(`ews-tariff-week`)],X);function he(e){let t=/^#(..)(..)(..)$/.exec(e);if(t===null)return`#000`;let[n=0,r=0,i=0]=t.slice(1).map(e=>{let t=Number.parseInt(e,16)/255;return t<=.04045?t/12.92:((t+.055)/1.055)**2.4});return .2126*n+.7152*r+.0722*i>.179?`#000`:`#fff`}var Z=6e4,Q=`total`,ge=`/config/integrations/integration/legrand_ews`,$=class extends oe{constructor(...e){super(...e),this.off=new Set,this.now=Date.now()}static{this.styles=[s,W]}connectedCallback(){super.connectedCallback(),this.clock=window.setInterval(()=>{this.now=Date.now()},Z)}disconnectedCallback(){super.disconnectedCallback(),window.clearInterval(this.clock)}willUpdate(e){e.has(`tariffs`)&&(this.now=Date.now())}setConfig(e){super.setConfig(e),this.plan=this.view=this.subject=void 0}heading(){return this.t(this.config.mode===`week`?`tariffs_week`:`tariffs_title`)}tools(){let e={icon:`mdi:download`,label:this.t(`action_csv`),press:()=>this.save()};return[...this.shown.length>0&&this.billed?[e]:[],this.enlarger()]}get billed(){return this.config.mode!==`week`}get mode(){let{mode:e}=this.config;return e===`total`||e===`details`?e:this.view??`total`}get chosen(){return this.plan??this.config.commodity??this.plans()[0]??`electricity`}plans(){return A.filter(e=>(this.tariffs?.plans[e].tariffs.length??0)>0||this.cost&&N(this.cost,e,this.tariffs).some(e=>e.sum!==null))}get items(){if(this.cost===void 0)return[];let e=N(this.cost,this.chosen,this.tariffs),t=L(e);return R(e,t.find(e=>e===this.currency)??t[0])}get shown(){return this.items.filter(e=>e.kind!==`unpriced`&&!this.off.has(e.key))}async load(e){let t=u(this.hass),[n,r]=await Promise.all([t.ask(`site`),t.ask(`tariffs`)]);if(!e())return;this.tariffs=r;let i=this.subjectOf(n),a=i===Q?`total`:T(n,i),o=this.billed?await t.ask(`cost`,{scope:a,...i!==Q&&{keys:[i]},...O(this.period),...this.previous&&{previous:!0}}):void 0;e()&&(this.cost=o)}subjectOf(e){let t=this.subject??this.config.subject??Q,n=this.subjects(e).some(({choices:e})=>e.some(e=>e.id===t));return this.mode===`details`&&n?t:Q}content(){let{site:t,tariffs:n}=this;if(t===void 0||n===void 0)return this.error===void 0?e:this.trouble(this.error);let r=n.plans[this.chosen],{mode:i}=this.config,a=r.segments.length>0&&(i===void 0||i===`all`||i===`week`);return c`${this.planChips()} ${a?this.price(n,r):e}
      ${this.billed?this.bill(t,n):e} ${a?this.week(n,r):e}
      ${!this.billed&&!a?this.unset():e}`}planChips(){let t=this.plans();if(this.config.choose===!1||t.every(e=>e===this.chosen))return e;let n=A.filter(e=>t.includes(e)||e===this.chosen).map(e=>({key:e,name:this.t(`word_${e}`)}));return E(this.t(`tariffs_plan`),n,this.chosen,e=>{this.plan=e,this.refresh()})}choose(e){this.subject=e,this.refresh()}price(t,n){let{active:r,next:i}=pe(n.segments,this.now/1e3),a=this.tariffNames(n).get(r?.tariff??``),o=e=>e?.price==null?this.t(`tariffs_no_price`):H(this.hass,e.price,t.currency,n.unit),s=this.tariffNames(n).get(i?.tariff??``)?.name,l=i?.price==null?o(i):`${s??``} ${o(i)}`;return c`<div class="price">
      ${a===void 0?e:c`<span class="dot" style="background: ${a.color}"></span><span>${a.name}</span>`}
      <b>${o(r)}</b>
      ${i===void 0?e:c`<span class="secondary">${this.t(`tariffs_until`,{time:this.when(i.start,t),next:l})}</span>`}
    </div>`}when(e,t){let n=K(t.time_zone);return k(new Date(e*1e3-1),n)===k(new Date(this.now),n)?S(this.hass,e,n):v(this.hass,e,n)}tariffNames(e){return new Map(e.tariffs.map(({id:e,name:t,color:n})=>[e,{name:t,color:n}]))}week(t,n){let r=K(t.time_zone);return c`${this.billed?c`<h3>${this.t(`tariffs_week`)}</h3>`:e}
      <ews-tariff-week
        .hass=${this.hass}
        .days=${this.daysOf(n,t)}
        .tariffs=${this.tariffNames(n)}
        .zone=${r}
        .price=${e=>H(this.hass,e,t.currency,n.unit)}
        .now=${this.now/1e3}
      ></ews-tariff-week>`}daysOf(e,{start:t,end:n,time_zone:r}){return this.cut?.plan!==e&&(this.cut={plan:e,days:de(e.segments,t,n,K(r))}),this.cut.days}bill(e,t){return c`${this.navigation()} ${this.controls(e)}
      <div class="body ${this.loading?`waiting`:``}" aria-busy=${String(this.loading)}>${this.costs(t)}</div>`}controls(t){let n=this.config.mode===`total`||this.config.mode===`details`,r=[`total`,`details`].map(e=>({key:e,name:this.t(`word_${e}`)})),i=this.cost===void 0?[]:L(N(this.cost,this.chosen,this.tariffs)),a=this.mode===`details`&&this.config.choose!==!1;return n&&i.length<2&&!a?e:c`<div class="controls">
      ${n?e:E(this.t(`tariffs_view`),r,this.mode,e=>{this.view=e,this.refresh()})}
      ${a?ce(this.t(`tariffs_subject`),this.subjects(t),this.subjectOf(t),e=>this.choose(e)):e}
      ${i.length>1?this.currencyChips(i):e}
    </div>`}currencyChips(e){let t=e.map(e=>({key:e,name:e}));return E(this.t(`tariffs_currency`),t,this.currency??e[0],e=>{this.currency=e})}subjects(e){let t={id:Q,scope:`total`,name:this.t(`tariffs_whole_site`)};return[{label:this.t(`word_total`),choices:[t]},...this.chosen===`export`?[]:w(e,`load`,this.t(`word_loads`)),...w(e,`group`,this.t(`word_groups`)),...w(e,`device`,this.t(`word_devices`),j[this.chosen])]}costs(t){if(this.error!==void 0)return this.trouble(this.error);let{cost:n,items:r}=this;if(n===void 0)return e;let i=r.filter(e=>e.kind!==`unpriced`);return i.length===0?t.plans[this.chosen].tariffs.length===0?this.unset():r.length===0?this.notice(`mdi:chart-bar`,this.t(`tariffs_nothing`)):this.facts():c`${this.legend(i)} ${this.mode===`total`?this.pie():this.bars(n)} ${this.facts()}`}unset(){let e=this.hass.user?.is_admin===!0,t=this.t(`tariffs_none`,{plan:this.t(`word_${this.chosen}`)}),n=c`<button class="button" @click=${()=>re(ge)}>${this.t(`next_tariffs_button`)}</button>`;return this.notice(`mdi:cash-clock`,t,e?n:void 0)}name(e){return e.name??this.t(e.kind===`unpriced`?`tariffs_no_price`:`word_deleted`)}get money(){return b(this.hass,this.items.find(e=>e.currency!==null)?.currency??null)}legend(t){if(t.length<2&&this.mode===`total`)return e;let n=t.map(e=>({key:e.key,name:this.name(e),color:e.color,...this.mode===`details`&&{value:this.money.write(e.sum)}}));return c`<ews-legend
      .items=${n}
      .hidden=${this.off}
      @toggle=${e=>this.toggle(e.detail.key)}
    ></ews-legend>`}toggle(e){let t=new Set(this.off);t.delete(e)||t.add(e),this.off=t}pie(){let e=this.shown.map(e=>({key:e.key,name:this.name(e),color:e.color,value:e.sum,note:e.kind===`charge`?this.t(`tariffs_charge`):this.amount(e.unit,e.amount)}));return c`<ews-pie .slices=${e} .unit=${this.money} .label=${this.t(`tariffs_chart`)}></ews-pie>`}amount(e,t){return _(this.hass,e,t??0).write(t)}bars(e){let{labels:t,titles:n}=x(this.hass,e.bars,e.period,e.time_zone),r=e.previous_bars&&x(this.hass,e.previous_bars,e.period,e.time_zone).titles,i=this.shown.map(e=>({key:e.key,name:this.name(e),color:e.color,values:e.costs,...r&&{previous:e.costsBefore}}));return c`<ews-bars
      .labels=${t}
      .titles=${n}
      .previousTitles=${r}
      .series=${i}
      .unit=${this.money}
      .label=${this.t(`tariffs_chart`)}
      ?drill=${e.period!==`hour`}
      @bar=${t=>this.enter(e,t.detail.index)}
    ></ews-bars>`}enter(e,t){let n=e.bars[t];if(n==null)return;let r=D(e.period,k(new Date(n*1e3),e.time_zone));r!==void 0&&this.store.set({period:r})}facts(){let{cost:t,costBefore:n,amount:r}=z(this.shown),i=this.items.filter(e=>e.kind===`unpriced`&&e.amount),a=this.shown.find(e=>e.amount!==null)?.unit,o=(e,t,n=``)=>c`<div><dt class="secondary">${this.t(e)}</dt><dd class=${n}>${t}</dd></div>`;return c`<dl>
        ${this.shown.length===0?e:o(this.chosen===`export`?`tariffs_earned`:`tariffs_sum`,this.money.write(t),`sum`)}
        ${a===void 0?e:o(`word_amount`,this.amount(a,r))}
        ${this.previous&&n!==null&&this.shown.length>0?o(`tariffs_before`,this.earlier(n)):e}
        ${i.map(e=>o(`tariffs_no_price`,this.amount(e.unit,e.amount)))}
      </dl>
      ${i.length>0?c`<p class="remark secondary">${this.t(`tariffs_unpriced_why`)}</p>`:e}`}earlier(e){let t=this.shown.map(({sum:e,sumBefore:t,costs:n,costsBefore:r})=>({sum:e,previousSum:t,values:n,previous:r})),{current:n,former:r,whole:i}=ie(t,this.cost,this.site?.until??null),a=y(this.hass,n,r);return`${this.money.write(e)} (${i?a:this.t(`tariffs_so_far`,{change:a})})`}save(){this.cost!==void 0&&d(ee(this.mode===`total`?this.byTariff():this.byBar(this.cost)))}byTariff(){let e={tariff:this.t(`tariffs_tariff`),amount:this.t(`word_amount`),cost:this.t(`word_cost`),before:this.t(`tariffs_before`)};return B(this.items.filter(e=>!this.off.has(e.key)).map(e=>({...e,name:this.name(e)})),e,this.previous)}byBar(e){let t=this.shown.map(e=>({name:this.name(e),values:e.costs,...this.previous&&{previous:e.costsBefore}}));return l(e,t,this.money,(e,t)=>this.t(e,t))}};a([t()],$.prototype,`tariffs`,void 0),a([t()],$.prototype,`cost`,void 0),a([t()],$.prototype,`plan`,void 0),a([t()],$.prototype,`view`,void 0),a([t()],$.prototype,`subject`,void 0),a([t()],$.prototype,`currency`,void 0),a([t()],$.prototype,`off`,void 0),a([t()],$.prototype,`now`,void 0),$=a([i(`ews-tariffs-card`)],$);var _e=`ews-tariffs-card`;async function ve(e){let t=m(e,await f(e));return{schema:[h,p(e,`mode`,[`all`,`total`,`details`,`week`],`tariffs_mode_`),p(e,`commodity`,A),...t.map(e=>({...e,name:`subject`,selector:ye(e)})),te(`choose`,!0),...ne(e)]}}function ye({selector:e}){return{select:{...e?.select,multiple:!1}}}export{$ as TariffsCard,ve as form,_e as tag};