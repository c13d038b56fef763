import{o as e}from"./texts.js";import{a as t,d as n,f as r,i,l as a,m as o,n as s,p as c,s as l,u}from"./card.js";import{i as d,n as f,r as p}from"./period-card.js";import{n as m,t as h}from"./paint.js";var g={year:`numeric`,month:`2-digit`,day:`2-digit`,hour:`2-digit`,minute:`2-digit`,second:`2-digit`,hourCycle:`h23`,timeZoneName:`longOffset`},_={hour:void 0,day:10,month:7,year:4};function v(e,t,n){let r=new Intl.DateTimeFormat(`en-GB`,{...g,timeZone:n}).formatToParts(e*1e3),i=e=>r.find(t=>t.type===e)?.value??``,a=i(`timeZoneName`).slice(3)||`+00:00`;return`${`${i(`year`)}-${i(`month`)}-${i(`day`)}`}T${i(`hour`)}:${i(`minute`)}:${i(`second`)}${a}`.slice(0,_[t])}function y(e,t,n,r,i=!0){let a=t.some(e=>e.previous!==void 0),o=i&&t.length>1,s=e=>n.name===``?e:`${e} [${n.name}]`,c=e=>[...t.map(e=>e.name),...o?[r(`table_sum`)]:[]].map(t=>s(e(t))),l=e=>[...e,...o?[d(e)]:[]].map(e=>e===null?null:n.value(e)),u=(t,n)=>{let r=t?.[n]??null;return r===null?null:v(r,e.period,e.time_zone)},f=[r(`table_time`),...c(e=>e)];return a&&f.push(r(`table_time_before`),...c(e=>r(`table_before`,{name:e}))),[f,...e.bars.map((n,r)=>{let i=[u(e.bars,r),...l(t.map(e=>e.values[r]??null))];return a?[...i,u(e.previous_bars,r),...l(t.map(e=>e.previous?.[r]??null))]:i})]}var b=[1,2,2.5,5,10],x=[1,2,3,4,6,8,12,24,48,96];function S(e,t,n){let r=Math.min(0,e),i=Math.max(0,t);if(r===i)return{low:0,high:1,ticks:[0]};let a=w((i-r)/n);for(;Math.ceil(i/a-C)-Math.floor(r/a+C)>Math.max(n,2);)a=w(a*1.01);let o=Math.floor(r/a+C),s=Math.ceil(i/a-C),c=Array.from({length:s-o+1},(e,t)=>T((o+t)*a));return{low:c[0],high:c.at(-1),ticks:c}}var C=1e-9;function w(e){let t=10**Math.floor(Math.log10(e));return T(t*(b.find(n=>n*t>=e*.999999999)??10))}function T(e){return Number(e.toPrecision(12))}function E(e,t,n){let r=n/Math.max(t,1e-6),i=x.find(e=>e>=r);return Math.min(i??Math.ceil(r),Math.max(e,1))}var D=8,O=class extends i{constructor(...e){super(...e),this.scrolled=()=>{this.dispatchEvent(new Event(`close`))}}static{this.styles=c`
    :host {
      position: fixed;
      inset: auto;
      z-index: 9;
      box-sizing: border-box;
      max-width: min(360px, calc(100vw - 16px));
      margin: 0;
      padding: 8px 12px;
      border: 1px solid var(--divider-color, #e0e0e0);
      border-radius: 8px;
      background: var(--card-background-color, #fff);
      color: var(--primary-text-color);
      font-size: max(12px, 0.86em);
      line-height: 1.4;
      box-shadow: 0 4px 16px rgb(0 0 0 / 20%);
      pointer-events: none;
    }
    :host(:not([open])) {
      display: none;
    }
    table {
      border-collapse: collapse;
    }
    td,
    th {
      padding: 1px 0 1px 12px;
      font-weight: 400;
      text-align: end;
      white-space: nowrap;
      font-variant-numeric: tabular-nums;
    }
    th {
      padding: 1px 0;
      overflow: hidden;
      max-width: 180px;
      text-align: start;
      text-overflow: ellipsis;
    }
    p {
      display: flex;
      justify-content: space-between;
      gap: 16px;
      margin: 0;
      white-space: nowrap;
      font-variant-numeric: tabular-nums;
    }
    b {
      font-weight: 500;
    }
    p + p,
    .before {
      color: var(--secondary-text-color);
    }
    table:not(:empty) {
      width: 100%;
      margin-top: 4px;
    }
    i {
      display: inline-block;
      width: 10px;
      height: 10px;
      margin-inline-end: 8px;
      border-radius: 2px;
    }
  `}connectedCallback(){super.connectedCallback(),this.setAttribute(`popover`,`manual`),this.setAttribute(`aria-hidden`,`true`)}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener(`scroll`,this.scrolled,!0)}render(){let{tip:e}=this;return e===void 0?t:l`${e.heads.map(e=>l`<p><span>${e.name}</span><b>${e.value}</b></p>`)}
      <table>
        ${e.rows.map(e=>this.row(e))}
      </table>`}row({name:e,color:n,value:r,previous:i}){return l`<tr>
      <th>${n===void 0?t:l`<i style="background: ${n}"></i>`}${e}</th>
      <td>${r}</td>
      ${i===void 0?t:l`<td class="before">${i}</td>`}
    </tr>`}updated(e){let{tip:t}=this;e.has(`tip`)&&(this.toggleAttribute(`open`,t!==void 0),window[t===void 0?`removeEventListener`:`addEventListener`](`scroll`,this.scrolled,!0),t===void 0?this.matches(`:popover-open`)&&this.hidePopover():(typeof this.showPopover==`function`&&!this.matches(`:popover-open`)&&this.showPopover(),this.place(t)))}place({at:e,gap:t}){let{width:n,height:r}=this.getBoundingClientRect(),i=[e.x+t,e.x-t-n].find(e=>e>=D&&e+n+D<=window.innerWidth),a=(e,t,n)=>Math.max(D,Math.min(e,n-t-D)),o=e.top-r-D,s=i===void 0?o>=D?o:e.bottom+D:e.top;this.style.left=`${a(i??e.x-n/2,n,window.innerWidth)}px`,this.style.top=`${a(s,r,window.innerHeight)}px`}};s([r({attribute:!1})],O.prototype,`tip`,void 0),O=s([o(`ews-tip`)],O);var k=180,A=14,j=56,M={ArrowRight:(e,t)=>Math.min(e+1,t),ArrowLeft:e=>Math.max(e-1,0),Home:()=>0,End:(e,t)=>t},N=class extends i{constructor(...e){super(...e),this.labels=[],this.titles=[],this.series=[],this.label=``,this.drill=!1,this.beside=!1,this.size={width:0,height:0,text:12},this.sentences=[]}static{this.styles=c`
    :host {
      display: block;
      flex: 1;
      height: 100%;
      min-width: 0;
      min-height: ${k}px;
      font-size: max(12px, 0.86em);
    }
    .plot {
      position: relative;
      height: 100%;
      min-height: inherit;
      border-radius: 4px;
      outline: none;
      cursor: default;
      touch-action: pan-y;
      user-select: none;
    }
    .plot.drill {
      cursor: pointer;
    }
    .plot:focus-visible {
      outline: 2px solid var(--primary-color);
      outline-offset: 2px;
    }
    svg {
      position: absolute;
      inset: 0;
      display: block;
      overflow: visible;
    }
    text {
      fill: var(--secondary-text-color);
      font-size: 1em;
      font-variant-numeric: tabular-nums;
    }
    .end {
      text-anchor: end;
    }
    .middle {
      text-anchor: middle;
    }
    .grid {
      stroke: var(--divider-color, #e0e0e0);
      shape-rendering: crispEdges;
    }
    .zero {
      stroke: color-mix(in srgb, var(--secondary-text-color, #727272) 50%, transparent);
      shape-rendering: crispEdges;
    }
    .past {
      opacity: 0.4;
    }
    .series {
      stroke: var(--ha-card-background, var(--card-background-color, #fff));
      stroke-width: 0.5px;
    }
    .here {
      fill: var(--primary-text-color);
      opacity: 0.07;
    }
    g {
      pointer-events: none;
    }
    .option {
      fill: none;
      pointer-events: all;
    }
  `}connectedCallback(){super.connectedCallback(),this.watcher=new ResizeObserver(()=>this.measure()),this.watcher.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.watcher?.disconnect()}measure(){let e=h(this,k),{width:t,height:n,text:r}=this.size;(e.width!==t||e.height!==n||e.text!==r)&&(this.size=e)}willUpdate(e){e.size===1&&e.has(`active`)||(this.active!==void 0&&this.active>=this.labels.length&&(this.active=void 0),this.layout=this.unit===void 0||this.size.width===0?void 0:this.arrange(),this.marks=void 0,this.sentences=this.layout===void 0?[]:this.labels.map((e,t)=>this.said(t)))}arrange(){let{series:e,labels:t,unit:n,size:r}=this,i=Math.max(t.length,1),a=e=>this.beside?e.flatMap(e=>p([e],i)):p(e,i),o=a(e.map(e=>e.values.map(e=>e&&n.value(e)))),s=e.some(e=>e.previous!==void 0),c=a(e.map(e=>(e.previous??[]).map(e=>e&&n.value(e)))),l=r.text*1.4,u=r.height-2.6*l,d=S(...f(o,c),Math.max(2,Math.min(6,Math.floor(u/(l*2.4))))),m=n.value(1),h=Math.max(...d.ticks.map(e=>n.tick(e/m).length)),g={left:Math.ceil(h*r.text*.58)+10,top:Math.round(l*1.3),right:r.width-2,bottom:r.height-Math.round(l*1.3)},_=(g.right-g.left)/i,v=Math.max(...t.map(e=>e.length))*r.text*.58+r.text*.75;return{box:g,scale:d,slot:_,...P(_,s),stride:E(i,_,v),parts:o,previous:c}}y(e){let{box:t,scale:n}=this.layout;return t.bottom-(e-n.low)/(n.high-n.low)*(t.bottom-t.top)}render(){let{layout:e,active:n,drill:r}=this;return l`<div
        class="plot ${r?`drill`:``}"
        role="listbox"
        tabindex="0"
        aria-label=${this.label}
        aria-orientation="horizontal"
        aria-activedescendant=${n===void 0?t:`bar-${n}`}
        @keydown=${this.key}
        @pointermove=${this.point}
        @pointerdown=${this.press}
        @pointerleave=${this.leave}
        @click=${this.tapped}
        @blur=${this.forget}
      >
        ${e===void 0?t:this.picture(e)}
      </div>
      <ews-tip .tip=${this.tip()} @close=${this.forget}></ews-tip>`}picture({box:e,slot:n}){let{width:r,height:i}=this.size;this.marks??=this.draw();let o=this.active===void 0?t:a`<rect class="here" rx="4" x=${e.left+this.active*n} y=${e.top} width=${n}
            height=${e.bottom-e.top}></rect>`;return l`<svg width=${r} height=${i}>${o}${this.marks}${this.options(e,n)}</svg>`}draw(){let{box:e,scale:n,slot:r,now:i,before:o,parts:s,previous:c,stride:l}=this.layout,{text:u}=this.size,d=(t,{left:n,width:i})=>(t??[]).map((t,a)=>t&&m(t,e.left+a*r+n,i,e=>this.y(e))).filter(Boolean).join(``),f=this.unit.value(1);return a`<g aria-hidden="true">
      ${n.ticks.map(t=>a`<line class=${t===0?`zero`:`grid`} x1=${e.left} x2=${e.right}
            y1=${Math.round(this.y(t))} y2=${Math.round(this.y(t))}></line>
          <text class="end" x=${e.left-8} y=${this.y(t)+u*.35}>${this.unit.tick(t/f)}</text>`)}
      <text x="0" y=${u*.9}>${this.unit.name}</text>
      ${o&&c.map((e,t)=>a`<path class="series past" fill=${this.color(t)} d=${d(e,this.own(o,t))}></path>`)}
      ${s.map((e,t)=>a`<path class="series" fill=${this.color(t)} d=${d(e,this.own(i,t))}></path>`)}
      ${this.labels.map((n,i)=>i%l===0?a`<text class="middle" x=${e.left+(i+.5)*r} y=${e.bottom+u*1.4}>${n}</text>`:t)}
    </g>`}color(e){return this.series[e].color}own({left:e,width:t},n){if(!this.beside)return{left:e,width:t};let r=t/Math.max(this.series.length,1);return{left:e+n*r,width:r*(this.series.length>1?.92:1)}}options(e,t){return a`${this.labels.map((n,r)=>a`<rect class="option" id="bar-${r}" role="option" aria-selected=${String(r===this.active)}
        aria-label=${this.sentences[r]??``} x=${e.left+r*t} y=${e.top} width=${t}
        height=${e.bottom-e.top}></rect>`)}`}said(e){let t=this.rows(e).map(({name:e,value:t})=>`${e} ${t}`);return[...this.heads(e).map(({name:e,value:t})=>`${e}: ${t}`),...t.length>1?t:[]].join(`; `)}heads(e){let{series:t,unit:n,titles:r,labels:i,previousTitles:a}=this,o=e=>n.write(d(e)),s={name:r[e]||i[e]||``,value:this.head?.(e)??o(t.map(t=>t.values[e]))};if(!t.some(e=>e.previous!==void 0))return[s];let c=o(t.map(t=>t.previous?.[e]));return[s,{name:a?.[e]??``,value:c}]}rows(e){let{series:t,unit:n}=this,r=t.filter(t=>t.values[e]||t.previous?.[e]);this.beside||r.reverse();let i=r.slice(0,A).map(({name:t,color:r,values:i,previous:a})=>({name:t,color:r,value:n.write(i[e]),previous:a&&n.write(a[e])})),a=r.slice(A);if(a.length===0)return i;let o=n.write(d(a.map(t=>t.values[e]))),s=n.write(d(a.map(t=>t.previous?.[e])));return[...i,{name:`+ ${a.length}`,value:o,previous:a.some(e=>e.previous)?s:void 0}]}tip(){let{active:e,layout:t}=this;if(e===void 0||t===void 0||!this.hasUpdated)return;let{left:n,top:r,bottom:i}=this.plot.getBoundingClientRect(),a=n+t.box.left+(e+.5)*t.slot,o=this.rows(e);return{at:{x:a,top:r+t.box.top,bottom:i},gap:t.slot/2+8,heads:this.heads(e),rows:this.series.length>1?o:[]}}found(e){if(this.layout===void 0)return;let{box:t,slot:n}=this.layout,r=Math.floor((e.clientX-this.plot.getBoundingClientRect().left-t.left)/n);return r>=0&&r<this.labels.length?r:void 0}point(e){this.active=this.found(e)}press(e){this.touched=this.active,this.point(e)}leave(e){e.pointerType===`mouse`&&this.forget()}tapped(e){let t=this.found(e),n=e.pointerType===`touch`;t===void 0||n&&this.touched!==t||this.enter(t)}key(e){let t=this.labels.length-1,n=M[e.key];if(n!==void 0&&t>=0)this.active=this.active===void 0?e.key===`End`?t:0:n(this.active,t);else if(e.key===`Escape`&&this.active!==void 0)this.forget(),e.stopPropagation();else if((e.key===`Enter`||e.key===` `)&&this.active!==void 0)this.enter(this.active);else return;e.preventDefault()}enter(t){this.drill&&e(this,`bar`,{index:t})}forget(){this.active=void 0}};s([r({attribute:!1})],N.prototype,`labels`,void 0),s([r({attribute:!1})],N.prototype,`titles`,void 0),s([r({attribute:!1})],N.prototype,`previousTitles`,void 0),s([r({attribute:!1})],N.prototype,`series`,void 0),s([r({attribute:!1})],N.prototype,`unit`,void 0),s([r()],N.prototype,`label`,void 0),s([r({type:Boolean})],N.prototype,`drill`,void 0),s([r({type:Boolean})],N.prototype,`beside`,void 0),s([r({attribute:!1})],N.prototype,`head`,void 0),s([n()],N.prototype,`active`,void 0),s([n()],N.prototype,`size`,void 0),s([u(`.plot`)],N.prototype,`plot`,void 0),N=s([o(`ews-bars`)],N);function P(e,t){let n=Math.min(e*(t?.74:.7),t?j*1.5:j),r=(e-n)/2;if(!t)return{now:{left:r,width:n}};let i=n*.32,a=Math.min(n*.06,3);return{before:{left:r,width:i},now:{left:r+i+a,width:n-i-a}}}export{y as t};