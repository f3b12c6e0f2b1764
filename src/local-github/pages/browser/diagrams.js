// Draws Mermaid blocks: each in a frame of its own, which has another origin and is told nothing but the text.

const frames = new Map()

function drawAll() {
  for (const text of document.querySelectorAll('pre[lang="mermaid"]')) {
    if (text.dataset.drawn !== undefined) continue
    text.dataset.drawn = ''
    const frame = document.createElement('iframe')
    frame.sandbox = 'allow-scripts'
    frame.title = 'Diagram; its source follows'
    frame.className = 'diagram'
    frames.set(frame, text)
    frame.src = '/_diagram'
    text.before(frame)
  }
}

// The source stays within reach: a drawing says nothing to a screen reader.
function fold(text) {
  if (text.parentElement.classList.contains('source')) return
  const details = document.createElement('details')
  details.className = 'source'
  const summary = document.createElement('summary')
  summary.textContent = 'Source of the diagram'
  text.replaceWith(details)
  details.append(summary, text)
}

addEventListener('message', ({ source, data }) => {
  const frame = [...frames.keys()].find(({ contentWindow }) => contentWindow !== null && contentWindow === source)
  if (frame === undefined) return
  const text = frames.get(frame)
  if (data.ready) frame.contentWindow.postMessage({ text: text.textContent }, '*')
  if (data.height > 0) {
    frame.height = Math.ceil(data.height)
    frame.dataset.drawn = ''
    fold(text)
  }
  if (data.fault !== undefined) {
    const note = document.createElement('p')
    note.className = 'none'
    note.textContent = `The diagram cannot be drawn: ${String(data.fault).slice(0, 300)}`
    frame.replaceWith(note)
    frames.delete(frame)
  }
})

document.addEventListener('parts-changed', drawAll)
drawAll()
