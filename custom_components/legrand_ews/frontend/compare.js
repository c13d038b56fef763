import{a as e,d as t,m as n,n as r,p as i,r as a,s as o}from"./card.js";import{t as s}from"./bars.js";import{t as c}from"./client.js";import{n as l}from"./colors.js";import{n as u,t as d}from"./csv.js";import{a as f,c as p,l as m,r as h,s as g,u as _}from"./period-bar.js";import{d as v,n as y,s as b,t as x}from"./format.js";import{i as S,t as C}from"./period-card.js";import{a as w,i as T,n as E,o as D,r as O,t as k}from"./picker.js";import{m as A,n as j,s as M}from"./period.js";var N=i`
  .card {
    overflow: auto;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 32px;
  }
  .pickers {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 200px), 1fr));
    max-width: 832px;
    gap: 8px 16px;
  }
  .pickers label {
    display: flex;
    gap: 8px;
    align-items: center;
    min-width: 0;
  }
  .pickers select {
    flex: 1;
    min-width: 0;
  }
  .why {
    margin: 0;
  }
  .body {
    display: flex;
    flex: 1 0 auto;
    flex-direction: column;
    gap: 16px;
  }
  .sides {
    display: flex;
    flex: 1;
    flex-direction: column;
    gap: 24px;
    justify-content: center;
    padding: 8px 0;
  }
  .line {
    display: flex;
    gap: 8px;
    align-items: center;
    margin-bottom: 6px;
  }
  .name {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .line b {
    font-size: max(var(--ha-font-size-xl, 20px), 1.4em);
    font-weight: 500;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .track {
    height: 16px;
    overflow: hidden;
    border-radius: 4px;
    background: color-mix(in srgb, var(--primary-text-color) 6%, transparent);
  }
  .track.before {
    height: 6px;
    margin-top: 2px;
    opacity: 0.45;
  }
  .card.large .line {
    font-size: 2em;
  }
  .card.large .track:not(.before) {
    height: 9vmin;
  }
  .fill {
    height: 100%;
    border-radius: inherit;
    transition: width 0.3s;
  }
  .side .secondary {
    display: flex;
    flex-wrap: wrap;
    gap: 0 16px;
    min-height: 1.5em;
    margin-top: 4px;
  }
  ews-bars {
    min-height: 240px;
  }
  .keys {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 24px;
  }
  .keys span {
    display: inline-flex;
    gap: 8px;
    align-items: center;
  }
  .difference {
    margin: 0;
    padding-top: 12px;
    border-top: 1px solid var(--ews-line);
  }
`;function P(e,t){return Array.from({length:t},(t,n)=>S(e.map(e=>e[n])))}function F(e,t){let n=e=>[e(t[0]),e(t[1])];return e.by===`amount`?e.differences.map(({commodity:t,quantity:r,unit:i,amounts:a,sum:o})=>{let s=e.series.filter(e=>e.commodity===t&&e.quantity===r);return{key:t,by:`amount`,unit:i,sides:n(t=>I(t,s,e.bars.length)),differences:a,difference:o}}):e.differences.map(({currency:t,costs:r,sum:i})=>{let a=e.series.filter(e=>e.currency===t),o=n(t=>L(t,a,e.bars.length));return{key:t,by:`cost`,unit:a[0]?.unit??`Wh`,sides:o,differences:r,difference:i}})}function I(e,t,n){let r=t.filter(t=>t.key===e),i=e=>S(r.map(t=>t[e]));return{key:e,values:P(r.map(e=>e.amounts),n),sum:i(`sum`),before:P(r.map(e=>e.previous_amounts??[]),n),sumBefore:i(`previous_sum`),unpriced:null}}function L(e,t,n){let r=t.filter(t=>t.key===e),i=e=>S(r.map(t=>t[e]));return{key:e,values:P(r.map(e=>e.costs),n),sum:i(`sum`),before:P(r.map(e=>e.previous_costs??[]),n),sumBefore:i(`previous_sum`),unpriced:i(`unpriced_sum`)||null}}var R=[`device`,`load`,`group`],z={device:`word_devices`,load:`word_loads`,group:`word_groups`},B=`#c78700`,V=class extends C{static{this.styles=[a,N]}setConfig(e){super.setConfig(e),this.kind=this.pair=this.by=this.mode=void 0}heading(){return this.t(`compare_title`)}tools(){let e=this.shown,t={icon:`mdi:download`,label:this.t(`action_csv`),press:()=>u(d(this.table()))};return[...e===void 0?[]:[t],this.enlarger()]}get view(){return this.mode??this.config.mode??`total`}get shown(){let e=this.known?.aspects??[];return e.find(e=>e.key===this.aspect)??e[0]}async load(e){let t=await c(this.hass).ask(`site`);if(!e())return;let n=this.pairOf(t);if(n===void 0){this.known=void 0;return}let r=await c(this.hass).ask(`compare`,{scope:D(t,n[0]),keys:n,by:this.by??this.config.by??`amount`,...j(this.period),...this.previous&&{previous:!0}});e()&&(this.known={pair:n,answer:r,aspects:F(r,n)})}pairOf(e){let t=this.kindOf(e),n=this.ids(e,t),[r,i]=this.pair??this.config.pair??[],a=n.find(e=>e===r)??n.find(e=>e!==i),o=n.find(e=>e===i&&e!==a)??n.find(e=>e!==a);return a===void 0||o===void 0?void 0:[a,o]}ids(e,t){return E(e,t,``).flatMap(e=>e.choices.map(e=>e.id))}kinds(e){return R.filter(t=>this.ids(e,t).length>1)}kindOf(e){let t=(this.pair??this.config.pair)?.[0];return this.kind??(t===void 0?void 0:D(e,t))??this.kinds(e)[0]??`device`}content(){let{site:t}=this;return t===void 0?this.error===void 0?e:this.trouble(this.error):this.pairOf(t)===void 0?this.notice(`mdi:compare-horizontal`,this.t(`compare_none`)):o`${this.navigation()} ${this.controls(t)}
      <div class="body ${this.loading?`waiting`:``}" aria-busy=${String(this.loading)}>${this.body(t)}</div>`}controls(t){let n=this.kinds(t),r=this.config.choose!==!1;return o`<div class="controls">
        ${r&&n.length>1?this.kindChips(t,n):e} ${this.modeChips()} ${this.byChips()}
        ${this.aspectChips()}
      </div>
      ${r?this.pickers(t):e} ${this.why(t)}`}kindChips(e,t){let n=t.map(e=>({key:e,name:this.t(z[e])}));return k(this.t(`compare_kind`),n,this.kindOf(e),e=>{this.kind=e,this.pair=void 0,this.refresh()})}modeChips(){let e=[`total`,`details`].map(e=>({key:e,name:this.t(`word_${e}`)}));return k(this.t(`compare_mode`),e,this.view,e=>{this.mode=e})}byChips(){let{known:e}=this,t=e?.answer.comparable_by===`cost`,n=[`amount`,`cost`].map(e=>({key:e,name:this.t(`word_${e}`),disabled:t&&e===`amount`}));return k(this.t(`compare_by`),n,e?.answer.by,e=>{this.by=e,this.refresh()})}aspectChips(){let t=this.known?.aspects??[];if(t.length<2)return e;let n=t.map(({key:e,by:t})=>({key:e,name:t===`amount`?this.t(`word_${e}`):e}));return k(this.t(`compare_aspect`),n,this.shown?.key,e=>{this.aspect=e})}pickers(e){let t=this.kindOf(e),n=E(e,t,this.t(z[t])),r=this.pairOf(e),i=t=>o`<label>
      <span class="dot" style="background: ${this.color(e,r,t)}"></span>
      ${w(this.t(t===0?`compare_first`:`compare_second`),n,r[t],e=>this.pick(t,e))}
    </label>`;return o`<div class="pickers">${i(0)} ${i(1)}</div>`}pick(e,t){let n=[...this.pairOf(this.site)];n[1-e]===t&&(n[1-e]=n[e]),n[e]=t,this.pair=n,this.refresh()}why(t){let{known:n}=this;if(n?.answer.comparable_by!==`cost`)return e;let[r,i]=n.pair.map(e=>this.name(t,e));return o`<p class="why secondary">${this.t(`compare_only_cost`,{first:r,second:i})}</p>`}body(t){if(this.error!==void 0)return this.trouble(this.error);let{known:n,shown:r}=this;if(n===void 0)return e;if(r===void 0){let e=n.answer.by===`cost`&&n.answer.series.length>0;return this.notice(`mdi:chart-bar`,this.t(e?`compare_no_price`:`compare_nothing`))}return o`${this.view===`total`?this.strips(t,n,r):this.bars(t,n,r)}
    ${this.difference(t,n,r)}`}strips(t,{pair:n},r){let i=this.most(r),a=this.unit(r,i),s=e=>`${i>0?Math.max(e??0,0)/i*100:0}%`,c=(i,c)=>{let l=this.color(t,n,c);return o`<div class="side">
        <div class="line">
          <span class="dot" style="background: ${l}"></span>
          <span class="name">${this.name(t,i.key)}</span>
          <b>${a.write(i.sum)}</b>
        </div>
        <div class="track"><div class="fill" style="width: ${s(i.sum)}; background: ${l}"></div></div>
        ${this.previous?o`<div class="track before">
                <div class="fill" style="width: ${s(i.sumBefore)}; background: ${l}"></div>
              </div>`:e}
        ${this.notes(i,r,a)}
      </div>`};return o`<div class="sides">${c(r.sides[0],0)} ${c(r.sides[1],1)}</div>`}notes(t,n,r){let i=y(this.hass,t.sum,t.sumBefore),a=this.t(`compare_before`,{value:r.write(t.sumBefore),change:i}),s=t.unpriced===null?void 0:this.t(`compare_unpriced`,{amount:v(this.hass,n.unit,t.unpriced).write(t.unpriced)}),c=this.previous&&t.sumBefore!==null;return!c&&s===void 0?e:o`<div class="secondary">
      ${c?o`<span>${a}</span>`:e} ${s===void 0?e:o`<span>${s}</span>`}
    </div>`}bars(e,{pair:t,answer:n},r){let i=Math.max(0,...r.sides.flatMap(e=>e.values.map(e=>e??0))),a=this.unit(r,i),{labels:s,titles:c}=x(this.hass,n.bars,n.period,n.time_zone),l=r.sides.map((n,r)=>({key:n.key,name:this.name(e,n.key),color:this.color(e,t,r),values:n.values})),u=this.unit(r,this.most(r));return o`<ews-bars
        beside
        .labels=${s}
        .titles=${c}
        .series=${l}
        .unit=${a}
        .label=${this.t(`compare_chart`,{first:l[0]?.name,second:l[1]?.name})}
        .head=${e=>this.t(`compare_difference`,{value:a.write(r.differences[e])})}
        ?drill=${n.period!==`hour`}
        @bar=${e=>this.enter(n,e.detail.index)}
      ></ews-bars>
      <div class="keys">
        ${l.map(({name:e,color:t},n)=>o`<span>
            <i class="dot" style="background: ${t}"></i>${e} <b class="number">${u.write(r.sides[n]?.sum)}</b>
          </span>`)}
      </div>`}enter(e,t){let n=e.bars[t];if(n==null)return;let r=A(e.period,M(new Date(n*1e3),e.time_zone));r!==void 0&&this.store.set({period:r})}difference(e,{pair:t},n){let[r,i]=n.difference!==null&&n.difference<0?[1,0]:[0,1],[a,s]=[n.sides[r],n.sides[i]],c=n.difference===null?null:Math.abs(n.difference),l={first:this.name(e,t[r]),second:this.name(e,t[i]),value:this.unit(n,this.most(n)).write(c),change:y(this.hass,a.sum,s.sum)},u=l.change!==`–`,d=c===null?`unknown`:c===0?`same`:u?`more`:`more_only`;return o`<p class="difference">${this.t(`compare_says_${d}`,l)}</p>`}most({sides:e}){return Math.max(0,...e.flatMap(e=>[e.sum??0,this.previous?e.sumBefore??0:0]))}unit(e,t){return e.by===`cost`?b(this.hass,e.key):v(this.hass,e.unit,t)}name(e,t){return T(e,t)??this.known?.answer.series.find(e=>e.key===t)?.name??this.t(`word_deleted`)}color(e,t,n){let r=O(e,t[n]);return n===0||r!==O(e,t[0])?r:r===B?l:B}table(){let{known:e,shown:t,site:n}=this;if(e===void 0||t===void 0||n===void 0)return[];let r=Math.max(0,...t.sides.flatMap(e=>[e.sum??0,...e.values.map(e=>e??0)])),i=this.unit(t,r),[a,o]=t.sides,c=[this.name(n,a.key),this.name(n,o.key),this.t(`compare_column`)];if(this.view===`details`){let n=[a.values,o.values,t.differences].map((e,t)=>({name:c[t]??``,values:e}));return s(e.answer,n,i,(e,t)=>this.t(e,t),!1)}let l=(e,...t)=>[this.t(e),...t.map(e=>e===null?null:i.value(e))],u=l(`tariffs_before`,a.sumBefore,o.sumBefore,null);return[[null,...c.map(e=>`${e} [${i.name}]`)],l(`table_sum`,a.sum,o.sum,t.difference),...this.previous?[u]:[]]}};r([t()],V.prototype,`known`,void 0),r([t()],V.prototype,`kind`,void 0),r([t()],V.prototype,`pair`,void 0),r([t()],V.prototype,`by`,void 0),r([t()],V.prototype,`mode`,void 0),r([t()],V.prototype,`aspect`,void 0),V=r([n(`ews-compare-card`)],V);var H=`ews-compare-card`;async function U(e){let t=g(e,await m(e));return{schema:[_,...t.map(e=>({...e,name:`pair`})),h(e,`mode`,[`total`,`details`]),h(e,`by`,[`amount`,`cost`]),f(`choose`,!0),...p(e)]}}export{V as CompareCard,U as form,H as tag};