const DRAWINGS: Readonly<
  Record<
    string,
    { readonly filled?: string; readonly lines?: string; readonly eyes?: readonly [number, number] }
  >
> = {
  '5': {
    filled: 'M30 58h40c0 14-9 22-20 22s-20-8-20-22z',
    lines: 'M28 41c2-6 10-6 12 0M60 41c2-6 10-6 12 0',
  },
  '4': { lines: 'M31 61c9 12 29 12 38 0', eyes: [35, 40] },
  '3': { lines: 'M33 66h34', eyes: [35, 41] },
  '2': { lines: 'M33 71c8-10 26-10 34 0', eyes: [35, 42] },
  '1': { lines: 'M27 33l14 6M73 33l-14 6M31 75c8-15 30-15 38 0', eyes: [36, 45] },
}

/** Draws a face beside the words of a scale's step, from 5 (laughing) to 1 (angry); nothing for another answer. */
export function Face({ code }: { readonly code: string }) {
  const drawing = DRAWINGS[code]
  if (drawing === undefined) return null
  const { filled, lines, eyes } = drawing
  return (
    <svg viewBox="2 2 96 96" className="face" aria-hidden="true">
      <circle className="face-skin" cx="50" cy="50" r="46" />
      {filled === undefined ? null : <path className="face-full" d={filled} />}
      {eyes === undefined
        ? null
        : [eyes[0], 100 - eyes[0]].map((x) => (
            <circle key={x} className="face-full" cx={x} cy={eyes[1]} r="4.5" />
          ))}
      {lines === undefined ? null : <path className="face-line" d={lines} />}
    </svg>
  )
}
