import { Notice } from './notice.tsx'

/** Shows what was just done. Screen readers announce it wherever it is on the page (WCAG 4.1.3). */
export function DoneNotice({ title }: { readonly title: string }) {
  return (
    <div role="status" data-done="">
      <Notice tone="ok" title={title} />
    </div>
  )
}
