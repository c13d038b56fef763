import{a as e,d as t,m as n,n as r,s as i}from"./card.js";import{t as a}from"./bars.js";import{i as o,t as s}from"./period-card.js";import{t as c}from"./client.js";import{n as l,t as u}from"./csv.js";import{a as d,c as f,l as p,o as m,r as h,s as g,u as _}from"./period-bar.js";import{n as v,t as y}from"./format.js";import{a as b,c as x,d as S,i as C,l as w,n as T,o as E,r as D,s as O,t as k,u as A}from"./lines.js";import{t as j}from"./parts-styles.js";import{n as M,t as N}from"./picker.js";import{d as P,m as F,n as I,s as L}from"./period.js";import"./legend.js";function R(e,t,n){let r=new Set(e.devices.map(e=>e.id)),i=t=>r.has(t)?`device`:t in e.loads?`load`:t in e.groups?`group`:void 0;return(n??[]).filter(e=>(i(e)??t)===t)}function z(e,t,n,r,a){let o=(r=>{if(t!==`device`||n.group===void 0)return r;let i=new Set(e.devices.filter(e=>e.groups.includes(n.group??``)).map(e=>e.id));return r.map(({label:e,choices:t})=>({label:e,choices:t.filter(({id:e})=>i.has(e))})).filter(({choices:e})=>e.length>0)})(M(e,t,r(`word_${t}s`))),s=t===`group`||t===`total`?[]:M(e,`group`,r(`word_groups`));return i`${B(r(`word_${t}`),r(`choose_all_${t}s`),o,n.key,e=>a({...n,key:e}))}
  ${B(r(`word_group`),r(`choose_all_groups`),s,n.group,e=>a(t===`device`?{group:e}:{...n,group:e}))}`}function B(t,n,r,a,o){if(r.length===0)return e;let s=e=>e.choices.map(({id:e,name:t})=>i`<option value=${e} .selected=${e===a}>${t}</option>`);return i`<select
    aria-label=${t}
    @change=${e=>o(e.target.value||void 0)}
  >
    <option value="" .selected=${a===void 0}>${n}</option>
    ${r.length===1?s(r[0]):r.map(e=>i`<optgroup label=${e.label}>${s(e)}</optgroup>`)}
  </select>`}var V=[`amount`,`cost`,`tariff`],H=[`load`,`group`,`device`,`total`],U=[`electricity`,`gas`,`water`],W=14,G=class extends s{constructor(...e){super(...e),this.chosen={},this.off=new Set,this.words=(e,t)=>this.t(e,t)}static{this.styles=[s.styles,j]}setConfig(e){super.setConfig(e);let[t,...n]=e.keys??[];this.chosen={group:e.group,...e.choose===!0&&n.length===0&&{key:t}},this.equivalent=void 0,this.measure=void 0}get scope(){return this.config.scope??`load`}get by(){return this.chosen.by??this.config.by??`amount`}async load(e){let{by:t,scope:n}=this,r=await c(this.hass).ask(`site`),i=this.chosen.key===void 0?R(r,n,this.config.keys):[this.chosen.key],a=n===`device`&&this.chosen.key!==void 0?void 0:this.chosen.group,o=x(n,i,a,I(this.period),this.previous),s=await this.ask(t,i.length===0,o);e()&&(this.told=s)}async ask(e,t,n){let r=c(this.hass);if(e===`amount`)return{by:e,whole:t,answer:await r.ask(`consumption`,n)};let i=r.ask(`cost`,{...n,by_tariff:e===`tariff`});if(e===`cost`)return{by:e,whole:t,answer:await i};let[a,o]=await Promise.all([i,r.ask(`tariffs`).catch(()=>void 0)]);return{by:e,whole:t,answer:a,tariffs:o}}lines({whole:e,...t},n){let r=this.config.commodity??`all`,i=e=>r===`all`||e.commodity===r,a=e=>({...e,series:e.series.filter(i),...`charges`in e?{charges:e.charges?.filter(i)}:{}}),o=this.read({...t,answer:a(t.answer),whole:e},n);return e&&this.scope===`device`?o.filter(e=>e.counted):o}read(e,t){return e.by===`amount`?k(e.answer,t,this.words,this.equivalents):e.by===`cost`?D(e.answer,t,this.words):w(e.answer,e.tariffs,this.words)}get equivalents(){return this.equivalent??this.config.equivalent??!1}view(){if(this.told===void 0||this.site===void 0)return;let e=this.lines(this.told,this.site),t=b(e),n=t.includes(this.measure??``)?this.measure:t[0],r=C(e.filter(e=>e.measure===n),W,this.words);return{all:e,lines:r,visible:r.filter(e=>!this.off.has(e.id)),measure:n}}heading(){let[e,...t]=this.told?.whole===!1&&!this.config.choose?this.config.keys??[]:[],{site:n}=this;return(e===void 0||t.length>0?void 0:n&&K(n,e))??this.t(this.by===`tariff`?`title_tariff`:`title_${this.by}_${this.scope}`)}tools(){return[{icon:`mdi:download`,label:this.t(`action_csv`),press:()=>this.save()},this.enlarger()]}save(){let e=this.view(),[t]=e?.visible??[];if(e===void 0||t===void 0||this.told===void 0)return;let n=A(this.hass,t.unit,O(e.visible));l(u(a(this.told.answer,e.visible,n,this.words,!this.overlap)))}get overlap(){let{site:e,scope:t}=this;return t===`group`&&this.by!==`tariff`&&e!==void 0&&this.chosen.key===void 0&&E(e,this.config.keys)}content(){return i`${this.navigation()} ${this.choices()} ${this.body()}`}choices(){if(!this.config.choose||this.site===void 0)return e;let t=e=>{this.chosen=e,this.off=new Set,this.refresh()},{chosen:n}=this;return i`<div class="choices">
      ${this.scope===`total`?e:z(this.site,this.scope,n,this.words,e=>t({...e,by:n.by}))}
      <select
        aria-label=${this.t(`choose_by`)}
        @change=${e=>t({...n,by:e.target.value})}
      >
        ${V.map(e=>i`<option value=${e} .selected=${e===this.by}>${this.t(`choose_by_${e}`)}</option>`)}
      </select>
    </div>`}body(){if(this.error!==void 0)return this.trouble(this.error);let e=this.view();if(e===void 0)return i`<div class="chart" aria-busy="true"></div>`;let{all:t,lines:n,visible:r,measure:a}=e;return n.length===0?i`${this.nothingKnown()} ${this.remarks([])}`:i`${this.switches(t,a)} ${this.summary(r)} ${this.chart(r,n)}
    ${this.legend(n)} ${this.remarks(r)}`}nothingKnown(){return this.site?.since==null?this.notice(`mdi:chart-bar`,this.yet()):this.notice(`mdi:chart-bar`,this.t(this.by===`amount`?`chart_nothing`:`chart_no_costs`))}switches(t,n){let r=b(t),{told:a}=this,o=a?.by===`amount`&&n===`gas`&&a.answer.series.some(e=>e.equivalent_sum!=null);if(r.length<2&&!o)return e;let s=e=>a?.by===`amount`?this.t(`word_${e}`):e,c=r.map(e=>({key:e,name:s(e)}));return i`<div class="choices">
      ${c.length<2?e:N(this.t(`choose_kind`),c,n,e=>{this.measure=e})}
      ${o?i`<button
            class="chip"
            aria-pressed=${String(this.equivalents)}
            title=${this.t(`chart_equivalent_help`)}
            @click=${()=>{this.equivalent=!this.equivalents}}
          >
            ${this.t(`chart_equivalent`)}
          </button>`:e}
    </div>`}summary(t){let[n]=t;if(n===void 0||this.overlap&&t.length>1)return e;let{answer:r}=this.told,{sum:a,before:o,current:s,former:c,whole:l}=T(t,r,this.site?.until??null),u=e=>A(this.hass,n.unit,Math.abs(e??0)).write(e);return i`<div class="summary">
      <strong>${u(a)}</strong>
      ${n.previous===void 0||o===null?e:i`<span class="secondary"
            >${this.t(l?`chart_before`:`chart_before_so_far`,{value:u(o),change:v(this.hass,s,c)})}</span
          >`}
    </div>`}chart(e,t){let{answer:n}=this.told,r=e=>y(this.hass,e,n.period,n.time_zone),{labels:a,titles:o}=r(n.bars),s=A(this.hass,t[0]?.unit??`Wh`,O(e));return i`<div class="chart ${this.loading?`waiting`:``}">
      <ews-bars
        .labels=${a}
        .titles=${o}
        .previousTitles=${n.previous_bars&&r(n.previous_bars).titles}
        .series=${e.map(({id:e,...t})=>({...t,key:e}))}
        .unit=${s}
        .label=${`${this.config.title??this.heading()}, ${P(this.period,this.hass.locale.language)}`}
        .drill=${F(n.period,`2000-01-01`)!==void 0}
        @bar=${e=>this.enter(n.period,n.bars[e.detail.index])}
      ></ews-bars>
    </div>`}enter(e,t){if(t==null||this.told===void 0)return;let n=F(e,L(new Date(t*1e3),this.told.answer.time_zone));n!==void 0&&this.store.set({period:n})}legend(t){if(t.length<2)return e;let n=A(this.hass,t[0]?.unit??`Wh`,Math.max(...t.map(e=>Math.abs(e.sum??0))));return i`<ews-legend
      .items=${t.map(({id:e,name:t,color:r,sum:i})=>({key:e,name:t,color:r,value:n.write(i)}))}
      .hidden=${this.off}
      @toggle=${e=>{let t=new Set(this.off);t.delete(e.detail.key)||t.add(e.detail.key),this.off=t}}
    ></ews-legend>`}remarks(e){let t=[],n=(e,t)=>A(this.hass,e,t).write(t),r=o(e.map(e=>e.estimated))??0;if(r>0&&t.push(this.t(`chart_estimated`,{value:n(e[0]?.unit??`Wh`,r)})),this.overlap&&e.length>1&&t.push(this.t(`chart_groups_overlap`)),this.told!==void 0&&this.told.by!==`amount`)for(let[e,r]of Object.entries(S(this.told.answer)))r>0&&t.push(this.t(`chart_unpriced`,{value:n(e,r)}));return t.map(e=>i`<p class="remark secondary">${e}</p>`)}};r([t()],G.prototype,`told`,void 0),r([t()],G.prototype,`chosen`,void 0),r([t()],G.prototype,`measure`,void 0),r([t()],G.prototype,`equivalent`,void 0),r([t()],G.prototype,`off`,void 0),G=r([n(`ews-histogram-card`)],G);function K(e,t){return e.loads[t]??e.groups[t]??e.devices.find(e=>e.id===t)?.name}var q=`ews-histogram-card`;async function J(e){let t=await p(e);return{schema:[_,h(e,`scope`,H),...g(e,t),...m(t),h(e,`by`,V,`choose_by_`),h(e,`commodity`,[`all`,...U]),d(`choose`,!1),d(`equivalent`,!1),...f(e)]}}function Y(){return{scope:`load`}}export{G as HistogramCard,J as form,Y as stub,q as tag};