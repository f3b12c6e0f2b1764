// Marks the lines of a file that an address names, `#L10-L20` or `#L10`.

function mark() {
  for (const line of document.querySelectorAll('tr.marked')) line.classList.remove('marked')
  const [, from, to = from] = /^#L(\d+)(?:-L(\d+))?$/.exec(location.hash) ?? []
  if (from === undefined || document.querySelector('table.lines') === null) return
  const [first, last] = [Number(from), Number(to)].toSorted((one, other) => one - other)
  for (let number = first; number <= last; number += 1) {
    const line = document.getElementById(`L${number}`)
    if (line === null) break
    line.classList.add('marked')
  }
  document.getElementById(`L${first}`)?.scrollIntoView({ block: 'center' })
}

addEventListener('hashchange', mark)
mark()
