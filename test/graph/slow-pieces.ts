/**
 * Which of the pieces, repeated to a megabyte after a beginning, cost a scanner more than two thirds of a second of the processor's
 * time. A pass over it takes a twentieth of that; a look at all that came before, at each piece, takes from seconds to minutes.
 */
export function slowPieces(scan: (text: string) => unknown, beginning: string, pieces: string[]): string[] {
  return pieces.filter((piece) => {
    const text = beginning + piece.repeat(1_000_000 / piece.length)
    const start = process.cpuUsage()
    scan(text)
    const { user, system } = process.cpuUsage(start)
    return user + system > 667_000
  })
}
