import layoutDocument from '@react-pdf/layout'
import render from '@react-pdf/render'
import { type DocumentProps, Font, pdf } from '@react-pdf/renderer'
import PDFDocument, { type StructureElement } from 'pdfkit'
import type { ReactElement } from 'react'

/** Standard structure types of ISO 32000-1, 14.8.4. */
export type Role = 'H1' | 'H2' | 'H3' | 'P' | 'Table' | 'TR' | 'TH' | 'TD' | 'Figure'

interface Tag {
  readonly role: Role
  readonly alt?: string
}

/** Returns the props that set a part's role; a part continued on the next page stays one part. */
export const as = (role: Role, alt?: string): object => ({
  tag: { role, ...(alt !== undefined && { alt }) } satisfies Tag,
})

interface Laid {
  readonly type: string
  readonly props?: { readonly tag?: Tag; readonly fixed?: boolean }
  children?: Laid[]
}

const [TEXT, PICTURE, PAGE] = ['TEXT', 'SVG', 'PAGE']

/** Makes a part without size that draws nothing and calls `act` when the drawing reaches it. */
const step = (act: () => void): Laid =>
  ({
    type: 'CANVAS',
    box: { left: 0, top: 0, width: 1, height: 1 },
    style: {},
    props: { paint: act },
  }) as Laid

/** Renders a document as tagged PDF: text in reading order under its role, everything else as artifacts. */
export async function renderTagged(document: ReactElement<DocumentProps>): Promise<Buffer> {
  const root = pdf(document).container.document
  const { title, author, subject, creationDate, modificationDate, language } = document.props
  const file = new PDFDocument({
    ...{ tagged: true, pdfVersion: '1.7', displayTitle: true, autoFirstPage: false },
    ...(language !== undefined && { lang: language }),
    info: {
      ...{ Title: title, Author: author, Subject: subject, Creator: 'react-pdf', Producer: 'react-pdf' },
      ...{ CreationDate: creationDate, ModDate: modificationDate },
    },
  })
  const parts: Buffer[] = []
  file.on('data', (part: Buffer) => parts.push(part))
  const written = new Promise((resolve, reject) => file.on('end', resolve).on('error', reject))
  const laid = await (layoutDocument as (root: unknown, fonts: unknown) => Promise<unknown>)(root, Font)
  mark(file, laid as Laid)
  render(file as never, laid as never)
  await written
  return Buffer.concat(parts)
}

/** Adds steps to a laid-out document that write its structure while it is drawn. */
function mark(file: PDFDocument, laid: Laid): void {
  const root = file.struct('Document')
  file.addStructure(root)
  const known = new Map<Tag, StructureElement>()
  const elementOf = (tag: Tag, parent: StructureElement): StructureElement => {
    const found = known.get(tag)
    if (found !== undefined) return found
    const { role, alt } = tag
    const element = file.struct(role, {
      ...(alt !== undefined && { alt }),
      ...(role === 'TH' && { scope: 'Column' }),
    })
    parent.add(element)
    known.set(tag, element)
    return element
  }
  const beside = () => file.markContent('Artifact', { type: 'Layout' })
  const content = (node: Laid, role: Role, element: StructureElement): Laid[] => [
    step(() => {
      file.endMarkedContent()
      element.add(file.markStructureContent(role))
    }),
    node,
    step(() => {
      file.endMarkedContent()
      beside()
    }),
  ]
  const within = (node: Laid, parent: StructureElement): Laid[] => {
    const { type, props = {}, children = [] } = node
    if (props.fixed) return [node]
    const tag = props.tag ?? (type === TEXT ? ({ role: 'P' } as const) : null)
    if (type === PICTURE && tag === null) return [node]
    const element = tag === null ? parent : elementOf(tag, parent)
    if (type === TEXT || type === PICTURE) return content(node, tag?.role ?? 'P', element)
    node.children = children.flatMap((child) => within(child, element))
    return [node]
  }
  for (const page of laid.children ?? []) {
    if (page.type !== PAGE) continue
    const parts = (page.children ?? []).flatMap((child) => within(child, root))
    page.children = [step(beside), ...parts, step(() => file.endMarkedContent())]
  }
}
