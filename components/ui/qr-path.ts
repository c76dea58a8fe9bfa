import QRCode from 'qrcode'

/** Modules that stay white around a QR code (ISO/IEC 18004). */
const QUIET = 4

export function qrPath(value: string): { readonly side: number; readonly path: string } {
  const { modules } = QRCode.create(value, { errorCorrectionLevel: 'M' })
  const { size } = modules
  const dark = Array.from({ length: size * size }, (_, index) => index).filter((index) => modules.data[index])
  const square = (index: number) => `M${(index % size) + QUIET} ${Math.floor(index / size) + QUIET}h1v1h-1z`
  return { side: size + 2 * QUIET, path: dark.map(square).join('') }
}
