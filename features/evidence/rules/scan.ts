/** Why a file is not opened: it is being looked at for viruses, or one was found. */
export type Closed = 'checking' | 'infected'

interface Scanned {
  /** The scanner's word on it; null where none has looked. */
  readonly scan: 'clean' | 'infected' | null
}

/**
 * Returns why a file is not opened, or null. What is infected opens for nobody, whether files are looked at now or not; what
 * nobody has looked at yet does not open for the police, where files are looked at. Citizens get back what they sent.
 */
export function closedBy(
  file: Scanned,
  reader: { readonly staff: boolean; readonly scanning: boolean },
): Closed | null {
  if (file.scan === 'infected') return 'infected'
  return file.scan === null && reader.staff && reader.scanning ? 'checking' : null
}
