/** A form as a browser without JavaScript would send it. */
export interface Form {
  /** The form's `action` attribute as written; '' means the page itself. */
  readonly action: string
  readonly multipart: boolean
  /** The fields with their values, including hidden ones, without buttons. */
  readonly fields: readonly (readonly [name: string, value: string])[]
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

export const unescapeHtml = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16))
    if (decimal) return String.fromCodePoint(Number(decimal))
    return ENTITIES[name as string] ?? whole
  })

function attributes(tag: string): Map<string, string> {
  const found = tag.matchAll(/([^\s"'<>/=]+)(?:="([^"]*)")?/g)
  return new Map([...found].map(([, name = '', value = '']) => [name.toLowerCase(), unescapeHtml(value)]))
}

const CONTROLS =
  /<input\b([^>]*)>|<textarea\b([^>]*)>([\s\S]*?)<\/textarea>|<select\b([^>]*)>([\s\S]*?)<\/select>/g

/** Finds the first form of a page that contains `marker`, and returns its attributes and content. */
function markupOf(html: string, marker: string): RegExpExecArray {
  const found = [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].find(([whole]) =>
    whole.includes(marker),
  )
  if (!found) throw new Error(`no form with ${marker}`)
  return found
}

/**
 * Returns the answers that agree with a form's checklist: yes if the form offers it, and otherwise that the
 * evidence does not show it.
 */
export function agreeingIn(html: string, marker: string): Readonly<Record<string, string>> {
  const [, , inside = ''] = markupOf(html, marker)
  const radios = [...inside.matchAll(/<input\b([^>]*)>/g)].map(([, tag]) => attributes(tag ?? ''))
  const agreed = new Map<string, string>()
  for (const value of ['unknown', 'none', 'yes'])
    for (const radio of radios) {
      const name = radio.get('name') ?? ''
      if (/^check(Imei|Name|Device)/.test(name) && radio.get('value') === value) agreed.set(name, value)
    }
  return Object.fromEntries(agreed)
}

export function formWith(html: string, marker: string): Form {
  const found = markupOf(html, marker)
  const form = attributes(found[1] ?? '')
  const fields = [...(found[2] ?? '').matchAll(CONTROLS)].flatMap(
    ([, input, textarea, written, select, options]) => {
      const control = attributes(input ?? textarea ?? select ?? '')
      const name = control.get('name')
      if (!name) return []
      if (textarea !== undefined) return [[name, unescapeHtml(written ?? '').replace(/^\n/, '')] as const]
      if (select !== undefined) return [[name, chosen(options ?? '')] as const]
      const type = control.get('type')
      if (type === 'file') return []
      if ((type === 'radio' || type === 'checkbox') && !control.has('checked')) return []
      return [[name, control.get('value') ?? ''] as const]
    },
  )
  return {
    action: form.get('action') ?? '',
    multipart: form.get('enctype') === 'multipart/form-data',
    fields,
  }
}

function chosen(options: string): string {
  const all = [...options.matchAll(/<option\b([^>]*)>/g)].map(([, tag]) => attributes(tag ?? ''))
  return (all.find((option) => option.has('selected')) ?? all[0])?.get('value') ?? ''
}
