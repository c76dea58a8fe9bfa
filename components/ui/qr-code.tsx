import QRCode from 'qrcode'

export interface QrCodeProps {
  readonly value: string
  /** What the code leads to, for who cannot see it. */
  readonly label: string
  /** Side in pixels. */
  readonly size?: number
}

/** A QR code as one SVG path, always dark on white, with its quiet zone of four modules. */
export function QrCode({ value, label, size = 180 }: QrCodeProps) {
  const { modules } = QRCode.create(value, { errorCorrectionLevel: 'M' })
  const side = modules.size
  const dark = Array.from({ length: side * side }, (_, index) => index).filter((index) => modules.data[index])
  const path = dark.map((index) => `M${(index % side) + 4} ${Math.floor(index / side) + 4}h1v1h-1z`).join('')
  return (
    <svg role="img" aria-label={label} width={size} height={size} viewBox={`0 0 ${side + 8} ${side + 8}`}>
      <title>{label}</title>
      <rect width="100%" height="100%" fill="#fff" />
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  )
}
