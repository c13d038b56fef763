import{a as e,d as t,m as n,n as r,p as i,s as a}from"./card.js";import{t as o}from"./client.js";import{n as s,t as c}from"./csv.js";import{a as l,c as u,l as d,o as f,r as p,u as m}from"./period-bar.js";import{d as h,l as g,n as _,s as v}from"./format.js";import{c as y}from"./lines.js";import{t as b}from"./parts-styles.js";import{r as x}from"./period.js";import{t as S}from"./period-card.js";import{n as C,t as w}from"./totals.js";var T=[`load`,`group`,`device`,`commodity`],E=class extends S{constructor(...e){super(...e),this.words=(e,t)=>this.t(e,t)}static{this.styles=[S.styles,b,i`
      .table {
        overflow-x: auto;
      }
      .large table {
        font-size: 1em;
      }
      th,
      td {
        padding: 10px 8px;
      }
      :is(th, td):first-child {
        padding-inline-start: 0;
      }
      :is(th, td):last-child {
        padding-inline-end: 0;
      }
      th button {
        display: inline-flex;
        align-items: center;
        gap: 2px;
        min-height: 32px;
        padding: 0;
        border: 0;
        background: none;
        font-weight: inherit;
        --mdc-icon-size: 16px;
      }
      .what {
        display: flex;
        align-items: center;
        gap: 12px;
        overflow-wrap: break-word;
      }
      .number .secondary {
        display: block;
      }
      tr.sum > * {
        color: inherit;
        font-weight: 500;
      }
      tbody:has(.sum) tr:nth-last-child(2) > * {
        border-bottom: 2px solid var(--ews-line);
      }
      tbody:last-child tr:last-child > * {
        border-bottom: 0;
      }
      @container (max-width: 560px) {
        .previous {
          display: none;
        }
      }
      @container (max-width: 440px) {
        .part {
          display: none;
        }
        th,
        td {
          padding: 10px 4px;
        }
        .what {
          gap: 8px;
        }
      }
    `]}get of(){return this.config.of??`load`}async load(e){let t=o(this.hass),n=this.of===`commodity`?`total`:this.of,r=await t.ask(`site`),i=x(this.period,this.previous?r.until:null),a=y(n,void 0,this.config.group,i,this.previous),s=this.config.cost===!1?void 0:t.ask(`cost`,{...a,by_tariff:!1}),[c,l]=await Promise.all([t.ask(`consumption`,a),s]);e()&&(this.table=C(this.of,c,l,r,this.words))}heading(){return this.t(`title_totals_${this.of}`)}tools(){return[{icon:`mdi:download`,label:this.t(`action_csv`),press:()=>this.save()},this.enlarger()]}columns(e){let{hass:t}=this,n=(e,n)=>e.unit===null?``:h(t,e.unit,Math.abs(n??0)).write(n),r=this.site===void 0?[]:w(e,this.site),i=e=>r.flatMap(n=>n in e.costs?[v(t,n).write(e.costs[n])]:[]).join(` + `);return[{name:`name`,there:!0,order:e=>e.name,write:e=>this.what(e)},{name:`amount`,there:!0,order:e=>e.amount,write:e=>a`${n(e,e.amount)}${this.worth(e)}`},{name:`part`,there:!0,order:e=>e.part,write:e=>e.part===null?``:g(t,e.part)},{name:`cost`,there:r.length>0,order:e=>e.costs[r[0]??``]??null,write:e=>i(e)},{name:`previous`,there:this.previous,order:e=>e.before,write:e=>e.commodity===null?``:n(e,e.before)},{name:`change`,there:this.previous,order:({current:e,former:t})=>e===null||t===null||t===0?null:(e-t)/Math.abs(t),write:e=>e.commodity===null?``:_(t,e.current,e.former)}].filter(e=>e.there)}what(t){return a`<span class="what">
      ${t.color===``?e:a`<span class="dot" style="background: ${t.color}"></span>`}
      <span>${t.name}${t.counted?e:a` <span class="secondary">${this.t(`totals_not_counted`)}</span>`}</span>
    </span>`}worth({equivalent:t}){return t===null?e:a`<span class="secondary">${h(this.hass,`Wh`,t).write(t)}</span>`}content(){return a`${this.navigation()} ${this.body()}`}body(){let{table:t}=this;if(this.error!==void 0)return this.trouble(this.error);if(t===void 0||this.site===void 0)return a`<div class="chart" aria-busy="true"></div>`;if(t.blocks.length===0)return this.notice(`mdi:table`,this.site.since===null?this.yet():this.t(`chart_nothing`));let n=this.columns(t);return a`<div class="table ${this.loading?`waiting`:``}">
        <table>
          <thead>
            <tr>${n.map(e=>this.head(e))}</tr>
          </thead>
          ${t.blocks.map(e=>this.block(e,n))}
          ${t.sum===void 0?e:a`<tbody>${this.row(t.sum,n,!0)}</tbody>`}
        </table>
      </div>
      ${this.remark()}`}head({name:t}){let n=this.sorted?.column===t?this.sorted:void 0,r=n===void 0?`none`:n.down?`descending`:`ascending`;return a`<th scope="col" class="${t===`name`?``:`number`} ${t}" aria-sort=${r}>
      <button @click=${()=>this.sort(t)}>
        ${this.t(`totals_${t}`)}
        ${n===void 0?e:a`<ha-icon .icon=${n.down?`mdi:arrow-down`:`mdi:arrow-up`}></ha-icon>`}
      </button>
    </th>`}sort(e){let t=e!==`name`;this.sorted=this.sorted?.column===e?this.sorted.down===t?{column:e,down:!t}:void 0:{column:e,down:t}}block(t,n){return a`<tbody>
      ${this.inOrder(t.rows,n).map(e=>this.row(e,n))}
      ${t.sum===void 0?e:this.row(t.sum,n,!0)}
    </tbody>`}inOrder(e,t){let{sorted:n}=this,r=t.find(e=>e.name===n?.column);if(r===void 0)return[...e];let i=n?.down?-1:1;return[...e].sort((e,t)=>{let[n,a]=[r.order(e),r.order(t)];return n===null||a===null?Number(n===null)-Number(a===null):i*(typeof n==`number`&&typeof a==`number`?n-a:String(n).localeCompare(String(a)))})}row(e,t,n=!1){return a`<tr class=${n?`sum`:``}>
      ${t.map(t=>t.name===`name`?a`<th scope="row" style="color: inherit; font-weight: inherit">${t.write(e)}</th>`:a`<td class="number ${t.name}">${t.write(e)}</td>`)}
    </tr>`}remark(){return!this.previous||this.site?.until==null||this.over?e:a`<p class="remark secondary">${this.t(`totals_so_far`)}</p>`}get over(){return(this.table?.blocks.flatMap(e=>e.rows)??[]).every(e=>e.current===e.amount&&e.former===e.before)}save(){let{table:e,site:t}=this;if(e===void 0||t===void 0)return;let n=this.columns(e),r=n.some(e=>e.name===`cost`)?w(e,t):[],i=this.previous,a=e=>{let t=e.unit===null?void 0:h(this.hass,e.unit,1e3),n=e=>e===null||t===void 0?null:t.value(e);return[e.name,n(e.amount),t?.name??null,e.part===null?null:e.part*100,...r.map(t=>e.costs[t]??null),...i?[n(e.before)]:[]]},o=e=>this.t(`totals_${e}`),l=[o(`name`),o(`amount`),o(`unit`),`${o(`part`)} [%]`,...r.map(e=>`${o(`cost`)} [${e}]`)],u=e.blocks.flatMap(e=>[...this.inOrder(e.rows,n),...e.sum===void 0?[]:[e.sum]]),d=e.sum===void 0?u:[...u,e.sum];s(c([[...l,...i?[o(`previous`)]:[]],...d.map(a)]))}};r([t()],E.prototype,`table`,void 0),r([t()],E.prototype,`sorted`,void 0),E=r([n(`ews-totals-card`)],E);var D=`ews-totals-card`;async function O(e){let t=await d(e);return{schema:[m,p(e,`of`,T),...f(t),l(`cost`,!0),...u(e)]}}function k(){return{of:`load`}}export{E as TotalsCard,O as form,k as stub,D as tag};