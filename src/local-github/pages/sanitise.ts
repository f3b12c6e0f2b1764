import sanitizeHtml from 'sanitize-html'

import { TASK_MARK } from './task-lists.ts'

/*
 * What GitHub lets through of HTML in comments: the list of its `SanitizationFilter`
 * (github.com/gjtorikian/html-pipeline, lib/html_pipeline/sanitization_filter.rb), without the attributes that only old
 * browsers know, without `id`, `name` and `class`, and without `picture`, whose `img` is kept.
 */

const TAGS = `
  h1 h2 h3 h4 h5 h6 p div span br hr blockquote pre details summary b i strong em tt code kbd samp var mark
  small abbr cite dfn q bdo ins del s strike sub sup time wbr ruby rt rp a img input ol ul li dl dt dd
  figure figcaption table caption thead tbody tfoot tr th td
`

const options: sanitizeHtml.IOptions = {
  allowedTags: TAGS.trim().split(/\s+/),
  allowedAttributes: {
    '*': ['align', 'dir', 'title'],
    a: ['href', 'rel'],
    img: ['src', 'alt', 'width', 'height'],
    input: ['type', 'disabled', 'checked'],
    details: ['open'],
    ol: ['start', 'reversed', 'type'],
    pre: ['lang'],
    td: ['colspan', 'rowspan', 'valign'],
    th: ['colspan', 'rowspan', 'valign', 'scope'],
    time: ['datetime'],
  },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesByTag: { img: ['http', 'https'] },
  allowedSchemesAppliedToAttributes: ['href', 'src'],
  allowProtocolRelative: false,
  // Deeper trees only burden the browser.
  nestingLimit: 60,
  transformTags: {
    a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, rel: 'nofollow' } }),
    input: (tagName, attribs) => ({ tagName, attribs: checkboxOf(attribs) }),
  },
  exclusiveFilter: ({ tag, attribs }) =>
    (tag === 'input' && attribs['type'] !== 'checkbox') ||
    (tag === 'img' && !/^https?:\/\//i.test(attribs['src'] ?? '')),
}

function checkboxOf(given: sanitizeHtml.Attributes): sanitizeHtml.Attributes {
  if (given['data-task'] !== TASK_MARK) return {}
  return { type: 'checkbox', disabled: '', ...(given['checked'] === undefined ? {} : { checked: '' }) }
}

/** HTML of strangers with nothing left that runs, styles, or poses as a part of the page. Every tag is closed. */
export function sanitise(untrusted: string): string {
  return sanitizeHtml(untrusted, options)
}
