// Keeps a page that follows something up to date: asks for its main part again and puts in what has changed. Parts that are
// the same are left alone, so that what is opened, selected or drawn in them stays.

const PERIOD_MS = 1500
const main = document.getElementById('main')
const following = document.getElementById('following')

// The server's own HTML of each part that is shown; scripts change the elements themselves.
const shown = new Map()
const remember = (part) => shown.set(part.id, part.outerHTML)
for (const parts of document.querySelectorAll('[data-parts]')) for (const part of parts.children) remember(part)

function merge(place, fresh) {
  const wanted = new Set(Array.from(fresh.children, ({ id }) => id))
  for (const old of Array.from(place.children)) if (!wanted.has(old.id)) old.remove()
  let last = null
  for (const next of Array.from(fresh.children)) {
    const old = [...place.children].find(({ id }) => id === next.id)
    const html = next.outerHTML
    if (old && shown.get(next.id) === html) {
      last = old
      continue
    }
    if (old && 'parts' in old.dataset && 'parts' in next.dataset) {
      merge(old, next)
      shown.set(old.id, html)
      last = old
      continue
    }
    remember(next)
    for (const parts of next.querySelectorAll('[data-parts]')) for (const part of parts.children) remember(part)
    if ('parts' in next.dataset) for (const part of next.children) remember(part)
    if (old) {
      keepOpened(old, next)
      old.replaceWith(next)
    } else if (last) last.after(next)
    else place.prepend(next)
    last = next
  }
}

// What a person opened or closed stays so, as far as the new part has the same folds.
function keepOpened(old, next) {
  const [before, after] = [old, next].map((part) => part.querySelectorAll('details'))
  if (before.length === after.length) after.forEach((fold, index) => (fold.open = before[index].open))
}

// Whoever writes must not be disturbed, nor lose what is written.
function writing() {
  const fields = [...document.querySelectorAll('input, textarea, select')]
  return fields.some(
    (field) => field === document.activeElement || ('defaultValue' in field && field.value !== field.defaultValue),
  )
}

async function refresh() {
  if (document.hidden || writing()) return true
  const response = await fetch(location.href, { headers: { 'x-part': 'main' } })
  if (!response.ok) return true
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const fresh = page.getElementById('main')
  if (!fresh || writing()) return true
  merge(main, fresh)
  document.dispatchEvent(new Event('parts-changed'))
  return 'live' in fresh.dataset
}

async function follow() {
  const more = await refresh().then(
    (live) => {
      following.textContent = live ? 'This page follows what happens.' : 'Nothing more is going on here.'
      return live
    },
    () => {
      following.textContent = 'The server does not answer; this is what was seen last.'
      return true
    },
  )
  if (more) setTimeout(() => void follow(), PERIOD_MS)
}

if (main && following) setTimeout(() => void follow(), PERIOD_MS)
