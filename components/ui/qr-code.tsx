import { qrPath } from './qr-path.ts'

export function QrCode({
  value,
  label,
  size = 180,
}: {
  readonly value: string
  /** Accessible name: where the code leads. */
  readonly label: string
  /** Side in pixels. */
  readonly size?: number
}) {
  const { side, path } = qrPath(value)
  return (
    <svg role="img" aria-label={label} width={size} height={size} viewBox={`0 0 ${side} ${side}`}>
      <title>{label}</title>
      <rect width="100%" height="100%" fill="#fff" />
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  )
}
