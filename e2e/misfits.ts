import type { Page } from '@playwright/test'

/**
 * Returns what does not fit a page's window: sideways scrolling, words that are cut or run over an edge, broken words of
 * choices, and touch targets under 24 px. Words that end in an ellipsis are shortened on purpose, and a wide table may
 * scroll alone.
 */
export const misfits = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const faults = new Set<string>()
    const root = document.documentElement
    if (root.scrollWidth > root.clientWidth)
      faults.add(`scrolls sideways: ${root.scrollWidth} in ${root.clientWidth}`)
    const around = (one: Element): Element[] =>
      one.parentElement === null || one === document.body ? [] : [one, ...around(one.parentElement)]
    /** Returns whether the element is only for screen readers, or hidden for now. */
    const unseen = (all: readonly Element[]) =>
      all.some((one) => {
        const { width, height } = one.getBoundingClientRect()
        return (width <= 2 || height <= 2) && getComputedStyle(one).overflow !== 'visible'
      }) || !all[0]?.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const words = text.textContent?.trim().slice(0, 60)
      const parent = text.parentElement
      if (!words || !parent || parent.closest('svg, script, style, noscript, option, select')) continue
      const all = around(parent)
      if (unseen(all)) continue
      const range = document.createRange()
      range.selectNodeContents(text)
      const box = range.getBoundingClientRect()
      let scrolls = false
      for (const one of all) {
        const { overflowX, overflowY, textOverflow, position } = getComputedStyle(one)
        const edge = one.getBoundingClientRect()
        if (/auto|scroll/.test(overflowX + overflowY) || textOverflow === 'ellipsis') scrolls = true
        if (scrolls || overflowX === 'visible') continue
        if (box.right > edge.right + 1 || box.left < edge.left - 1 || box.bottom > edge.bottom + 3)
          faults.add(`cut: ${words}`)
        if (position === 'fixed') break
      }
      if (!scrolls && (box.right > root.clientWidth + 1 || box.left < -1))
        faults.add(`over the edge: ${words} (${Math.round(box.left)} to ${Math.round(box.right)})`)
    }
    for (const one of document.body.querySelectorAll<HTMLElement>(
      'button, summary, input:not([type="hidden"]), select, textarea, .button, nav a',
    )) {
      if (unseen(around(one))) continue
      const { width, height } = (one.closest('label') ?? one).getBoundingClientRect()
      if (Math.min(width, height) < 23.5 && width > 2)
        faults.add(`small: ${one.textContent.trim() || one.getAttribute('name')} ${width}×${height}`)
    }
    for (const choice of document.body.querySelectorAll('.choice b')) {
      const text = choice.firstChild
      for (const { 0: word, index } of text?.textContent?.matchAll(/\S+/g) ?? []) {
        const range = document.createRange()
        range.setStart(text as Node, index)
        range.setEnd(text as Node, index + word.length)
        if (range.getClientRects().length > 1) faults.add(`broken: ${word}`)
      }
    }
    return [...faults]
  })

/** Shows every number of a case or receipt in the widest letter of its alphabet, so that no draw of letters decides a test. */
export const widenNumbers = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let text = texts.nextNode(); text; text = texts.nextNode())
      text.nodeValue =
        text.nodeValue?.replace(/\b[0-9A-Z]{2,3}(-[0-9A-Z]{4}){2,3}-[0-9A-Z]\b/g, (all) =>
          all.replace(/[^-]/g, 'W'),
        ) ?? null
  })
