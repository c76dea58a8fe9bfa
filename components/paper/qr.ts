import { Path, Svg } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { qrPath } from '#components/ui/qr-path.ts'

/** Returns a QR code for paper, with its quiet zone; `size` in points. */
export function qr(value: string, size: number): ReactElement {
  const { side, path } = qrPath(value)
  return h(
    Svg,
    { viewBox: `0 0 ${side} ${side}`, width: size, height: size },
    h(Path, { d: path, fill: '#000' }),
  )
}
