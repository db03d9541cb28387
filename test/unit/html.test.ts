/** Markup from templates: text is escaped, markup is not. */
import { expect, test } from 'vitest'
import { escapeHtml, html, trustedHtml } from '../../src/lib/display/html'

test('text is escaped between tags and in attributes', () => {
  const name = '<script>alert("&")</script>'
  expect(html`<p title="${name}">${name}</p>`.toString()).toBe(
    '<p title="&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;">&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;</p>')
})

test('templates nest, and lists of them are joined', () => {
  const items = ['a', 'b & c'].map(word => html`<li>${word}</li>`)
  expect(html`<ul>${items}</ul>`.toString()).toBe('<ul><li>a</li><li>b &amp; c</li></ul>')
})

test('zero is written; null, undefined and false leave nothing', () => {
  expect(html`<b>${0}${null}${undefined}${false}${''}</b>`.toString()).toBe('<b>0</b>')
})

test('a list of texts is escaped, too', () => {
  expect(html`${['<', '>']}`.toString()).toBe('&lt;&gt;')
})

test('only markup that is marked as such passes unescaped', () => {
  expect(html`${trustedHtml('<svg></svg>')}${'<svg></svg>'}`.toString()).toBe('<svg></svg>&lt;svg&gt;&lt;/svg&gt;')
})

test('escaping is not applied twice by nesting', () => {
  expect(html`${html`${'&'}`}`.toString()).toBe(escapeHtml('&'))
})
