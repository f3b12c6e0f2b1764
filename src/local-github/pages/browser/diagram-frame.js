// Runs in the frame of one diagram, see assets.ts. `mermaid` comes from the script before.
/* global mermaid */

const place = document.getElementById('place')
const dark = matchMedia('(prefers-color-scheme: dark)').matches
mermaid.initialize({
  startOnLoad: false,
  securityLevel: 'strict',
  suppressErrorRendering: true,
  theme: dark ? 'dark' : 'default',
})

async function draw(text) {
  const { svg } = await mermaid.render('diagram', text)
  place.innerHTML = svg
  // A wide graph is scrolled rather than shrunk until nobody can read it.
  const drawing = place.querySelector('svg')
  drawing.style.minWidth = `${Math.min(drawing.viewBox.baseVal.width, 720)}px`
  tellHeight()
  // A frame out of sight is not told of changes until it is scrolled to, which is early enough.
  new ResizeObserver(tellHeight).observe(place)
}

addEventListener('message', ({ source, data }) => {
  if (source !== parent || typeof data.text !== 'string') return
  draw(data.text).catch((error) => {
    parent.postMessage({ fault: error instanceof Error ? error.message : String(error) }, '*')
  })
})

function tellHeight() {
  const { scrollWidth, clientWidth } = document.documentElement
  const scrollbar = scrollWidth > clientWidth ? 16 : 0
  parent.postMessage({ height: place.offsetHeight + scrollbar }, '*')
}

parent.postMessage({ ready: true }, '*')
