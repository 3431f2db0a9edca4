/// The page's only style, inlined in it: light and dark by the reader's own setting, from 320 px wide, printable.
///
/// Every pair of text and ground has a contrast of at least 4.5 to 1 and every drawn figure at least 3 to 1 (WCAG 2.2,
/// 1.4.3 and 1.4.11), in both schemes.
enum Stylesheet {
  static let text: StaticString = """
    :root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--line:#d9dde3;--ink:#1a1f27;--soft:#56606d;--accent:#1f5fbf;\
    --rest:#7d8896;--good:#1a7a4c;--warn:#8a5a00;--bad:#b3261e;--warnground:#fff4dc;--badground:#fdeceb;--track:#e6e9ee}
    @media screen and (prefers-color-scheme:dark){:root{--page:#12151a;--card:#1b2027;--line:#353c47;--ink:#eceff3;--soft:#a4aebb;\
    --accent:#7fb0ff;--rest:#7c8796;--good:#5fd39b;--warn:#f0c264;--bad:#ff9a92;--warnground:#33290f;--badground:#3a1c1a;\
    --track:#2c333d}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,\
    "Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
    a{color:var(--accent);text-underline-offset:.15em}
    a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
    .skip{position:absolute;inset-inline-start:1rem;top:-9999px}.skip:focus{top:1rem;background:var(--card);padding:.5rem 1rem;z-index:1}
    header,main,footer{max-width:72rem;margin:0 auto;padding:0 1rem}
    header{padding-top:1.75rem}
    h1{font-size:1.5rem;line-height:1.25;margin:0 0 .25rem}
    h2{font-size:1.05rem;margin:0 0 .75rem}
    p{margin:.25rem 0}header p{display:flex;flex-wrap:wrap;gap:0 .75em}.soft{color:var(--soft);font-size:.875rem}
    nav ul{display:flex;flex-wrap:wrap;gap:.5rem;list-style:none;padding:0;margin:1rem 0}
    nav a,nav span{display:inline-block;padding:.35rem .9rem;border:1px solid var(--line);border-radius:999px;\
    text-decoration:none;background:var(--card)}
    nav [aria-current]{background:var(--ink);color:var(--page);border-color:var(--ink)}
    section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.1rem 1.25rem;margin:0 0 1rem}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.75rem,1fr));gap:1rem;background:none;border:0;padding:0}
    .tiles h2{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
    .tiles>div{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem 1.1rem}
    .tiles dl,.tiles dt,.tiles dd{margin:0}.tiles dt{color:var(--soft);font-size:.875rem}
    .tiles .value{font-size:1.4rem;line-height:1.3;font-weight:650;font-variant-numeric:tabular-nums}
    .tiles .note{color:var(--soft);font-size:.8125rem}
    .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1rem}.pair>section{margin:0;min-width:0}
    .pair{margin-bottom:1rem}.pair.top{align-items:start}
    .chart,.bar{display:block;overflow:visible;direction:ltr}.chart text,.bar text{fill:var(--soft);font-size:12px}
    .chart.narrow{width:calc(100% - 2rem);margin-left:2rem}.chart.middle{width:calc(100% - 3.5rem);margin-left:3.5rem}\
    .chart.wide{width:calc(100% - 6.5rem);margin-left:6.5rem}
    .chart .grid{stroke:var(--line);stroke-dasharray:2 4}.chart .base{stroke:var(--rest)}
    .chart .whole{fill:var(--rest)}.chart .part{fill:var(--accent)}.chart .partial{opacity:.65}
    .legend{display:flex;gap:1.25rem;list-style:none;margin:0 0 .25rem;padding:0;font-size:.8125rem;color:var(--soft)}
    .legend li::before{content:"";display:inline-block;width:.75em;height:.75em;border-radius:2px;background:var(--rest);print-color-adjust:exact;-webkit-print-color-adjust:exact;\
    margin-inline-end:.4em}.legend li.part::before{background:var(--accent)}
    .scroll{overflow-x:auto;overflow-wrap:normal}
    table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
    th,td{padding:.45rem .5rem;border-bottom:1px solid var(--line);text-align:end;white-space:nowrap;vertical-align:top}
    th{font-weight:600;color:var(--soft);font-size:.8125rem}thead th{white-space:normal;vertical-align:bottom;overflow-wrap:normal}
    td a,.value a,.limit span a{color:inherit;text-decoration:underline dotted;text-decoration-color:var(--rest)}
    td a:hover,.value a:hover,.limit span a:hover{text-decoration-style:solid}
    th.name,td.name{text-align:start;white-space:normal;min-width:7.5rem;max-width:24rem;overflow-wrap:anywhere}
    tbody th{color:var(--ink);font-size:.9rem;font-weight:500}tfoot th,tfoot td{border-bottom:0;font-weight:650;color:var(--ink)}
    details{margin-top:.75rem}summary{cursor:pointer;color:var(--accent);font-size:.875rem}
    .scroll th.name:not([colspan]){position:sticky;inset-inline-start:0;background:var(--card);background-clip:padding-box}
    .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));gap:.75rem 1.5rem;margin:0 0 1rem}
    .facts dt{color:var(--soft);font-size:.8125rem}.facts dd{margin:0;font-weight:550}
    .limit{margin:0 0 1rem}.limit p{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem}
    .bar .track{fill:var(--track)}.bar .fill{fill:var(--good)}.bar .near{fill:var(--warn)}\
    .bar .full{fill:var(--bad)}.bar line{stroke:var(--ink);stroke-width:1.5}
    .attention{background:var(--warnground);border-color:var(--warn)}.attention ul{margin:0;padding-inline-start:1.25rem}
    .attention h2{color:var(--warn)}.attention li.bad{color:var(--bad);font-weight:600}
    .state{font-weight:600}.state.good{color:var(--good)}.state.warn{color:var(--warn)}.state.bad{color:var(--bad)}
    .button{display:inline-block;background:var(--ink);color:var(--page);border-radius:8px;padding:.55rem 1.1rem;\
    text-decoration:none;font-weight:600}
    footer{padding-bottom:2rem;color:var(--soft);font-size:.8125rem}
    @media (max-width:30rem){section{padding:1rem}section>table th.name,section>table td.name{min-width:0}.tiles{grid-template-columns:repeat(2,minmax(0,1fr));gap:.6rem}\
    .facts{grid-template-columns:repeat(2,minmax(0,1fr))}.tiles>div{padding:.75rem .8rem}.tiles .value{font-size:1.25rem}}
    @media print{:root{--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb}nav,.skip,.button{display:none}\
    section,.tiles>div{break-inside:avoid}.scroll{overflow:visible}\
    .scroll th.name:not([colspan]){position:static}table{font-size:.8rem}details:not([open]){display:none}}
    """
}
