/** Why a file is not opened: it is being scanned for viruses, or is infected. */
export type Closed = 'checking' | 'infected'

/**
 * Returns why a file is not opened, or null. An infected file opens for nobody, even with no scanner configured. With a scanner,
 * an unscanned file does not open for police. Citizens can always open what they sent, unless it is infected.
 */
export function closedBy(
  file: {
    readonly scan: 'clean' | 'infected' | null
  },
  reader: { readonly staff: boolean; readonly scanning: boolean },
): Closed | null {
  if (file.scan === 'infected') return 'infected'
  return file.scan === null && reader.staff && reader.scanning ? 'checking' : null
}
