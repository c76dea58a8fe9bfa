import { Path, Svg } from '@react-pdf/renderer'
import { qrPath } from '#components/ui/qr-path.ts'

/** A QR code on paper, with its quiet zone; `size` in points. */
export function Qr({ value, size }: { readonly value: string; readonly size: number }) {
  const { side, path } = qrPath(value)
  return (
    <Svg viewBox={`0 0 ${side} ${side}`} width={size} height={size}>
      <Path d={path} fill="#000" />
    </Svg>
  )
}
