/** How the report looks: on a phone and a wide screen, light and dark, on paper. */

export const style = `
:root { --text: #222; --pale: #595959; --ground: #fff; --raised: #f6f6f4; --line: #ccc; --link: #00548a;
  --warn: #fff3cd; --warn-edge: #b57b00; --good: #e6f2ea; --good-edge: #007a59; --bad: #fbe9e7; --bad-edge: #b3391b }
@media (prefers-color-scheme: dark) {
  :root { --text: #e8e6e3; --pale: #b0aca6; --ground: #16181a; --raised: #212427; --line: #4a4e52; --link: #7cc4f5;
    --warn: #3a300f; --warn-edge: #e6b450; --good: #12301f; --good-edge: #4cc796; --bad: #401d16; --bad-edge: #f08a70 }
}
* { box-sizing: border-box }
html { color-scheme: light dark; scroll-behavior: smooth; -webkit-text-size-adjust: 100% }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 1100px; margin: 0 auto; padding: 1rem;
  color: var(--text); background: var(--ground); overflow-wrap: break-word }
a { color: var(--link) }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
.skip { position: absolute; left: -999rem } .skip:focus { left: 1rem; background: var(--ground); padding: .5rem }
h1 { line-height: 1.2; margin-bottom: .2rem } h2 { border-top: 2px solid var(--line); padding-top: 1rem; margin-top: 2.5rem }
h3 { margin: 2rem 0 .5rem } h4 { margin: 0; font-size: 1rem }
nav { background: var(--raised); border-radius: 8px; padding: .8rem 1.2rem }
nav h2 { border: 0; margin: 0; padding: 0; font-size: 1rem } nav ul { margin: .3rem 0; padding-left: 1.2rem }
nav ul ul { columns: 17rem } nav li { padding: .15rem 0; break-inside: avoid }
.note { padding: .6rem 1rem; border-left: 4px solid var(--warn-edge); background: var(--warn); border-radius: 0 6px 6px 0 }
.real { background: var(--good); border-color: var(--good-edge) }
.failure { background: var(--bad); border-color: var(--bad-edge) }
.note ul { margin: .2rem 0; padding-left: 1.2rem }
.found { padding-left: 1.2rem; max-width: 52rem } .found li { margin: .5rem 0 }
.findings { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1.5rem;
  align-items: start; margin-top: 1.5rem }
.finding h4 { margin-bottom: .4rem }
figure { margin: 0; max-width: 100%; overflow-x: auto }
img { max-width: 100%; height: auto; display: block; background: #fff; border-radius: 4px }
figcaption, .limits, .below, summary span { font-size: 90%; color: var(--pale) }
.facts { margin: 0 } .facts div { display: flex; gap: 0 1rem; padding: .2rem 0 }
dt { flex: 0 0 5.5rem; color: var(--pale) } dd { margin: 0; min-width: 0; overflow-wrap: anywhere }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--raised); padding: .6rem 1rem; border-radius: 6px }
details { border: 1px solid var(--line); border-radius: 8px; margin: .7rem 0; padding: 0 1rem }
summary { cursor: pointer; padding: .7rem 0 } summary h4 { display: inline } summary span { display: block; padding-left: 1.1rem }
details[open] { padding-bottom: 1rem }
.shown { display: flex; flex-wrap: wrap; gap: 1.2rem; align-items: flex-start }
.gallery { overflow-x: auto; margin-top: 1.5rem }
.table { overflow-x: auto; margin-top: 1.5rem }
table { border-collapse: collapse } caption { text-align: left; font-weight: bold; padding: .2rem .6rem }
th, td { padding: .2rem .6rem; text-align: left; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums }
.long { overflow-wrap: anywhere; min-width: 12em; max-width: 32em }
.number { text-align: right } .below { margin: .3rem .6rem 1rem }
@media (max-width: 30rem) { body { padding: .8rem } .facts div { display: block } details { padding: 0 .7rem }
  .wide img { min-width: 27rem } .wide figcaption { position: sticky; left: 0 } }
@media print {
  :root { --text: #000; --pale: #444; --ground: #fff; --raised: #f3f3f3; --line: #999; --link: #000;
    --warn: #fff; --good: #fff; --bad: #fff }
  html { color-scheme: light } body { max-width: none; padding: 0; font-size: 10.5pt }
  details::details-content { content-visibility: visible; display: block; block-size: auto; opacity: 1 }
  .gallery details > :not(summary) { display: none }
  details { border: 0; padding: 0 } summary { list-style: none }
  .skip, figcaption a, .below a { display: none }
  figure, tr, .finding, .note { break-inside: avoid } h2, h3, h4, summary, caption { break-after: avoid }
  .table { overflow: visible } img { max-height: 20cm; width: auto }
}
`

/** What the page of an audit adds: findings in the colors of their answers, which are in words too. */
export const auditStyle = `
.verdict { font-size: 110%; max-width: 52rem }
.answers { list-style: none; padding: 0; max-width: 60rem }
.answers li { margin: .5rem 0; padding: .5rem 1rem; border-left: 4px solid; border-radius: 0 6px 6px 0; break-inside: avoid }
.answers .fault { background: var(--bad); border-color: var(--bad-edge) }
.answers .unknown { background: var(--warn); border-color: var(--warn-edge) }
.answers .clear { background: var(--good); border-color: var(--good-edge) }
.inline svg { max-width: 100%; height: auto; display: block; border-radius: 4px }
`

/**
 * The page's script: a link to a folded section, or into one, opens the section, and printing opens all sections, for
 * browsers whose style sheets cannot.
 */
export const script = `
const openTarget = () => {
  const section = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest('details')
  if (section) section.open = true
}
addEventListener('hashchange', openTarget)
openTarget()
let closed = []
addEventListener('beforeprint', () => {
  closed = [...document.querySelectorAll('details:not([open], .gallery *)')]
  closed.forEach(one => { one.open = true })
})
addEventListener('afterprint', () => closed.forEach(one => { one.open = false }))
`
