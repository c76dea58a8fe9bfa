const KB = 1024
const MB = KB * KB

/** Returns a file's size as people say it, in the page's language: `840 KB`, `1,2 MB`. */
export function fileSize(bytes: number, language: string): string {
  const [value, unit] = bytes < MB ? [Math.max(1, Math.round(bytes / KB)), 'KB'] : [bytes / MB, 'MB']
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value)} ${unit}`
}
