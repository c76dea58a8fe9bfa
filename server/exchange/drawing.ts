import '#server-only'
import { letterPdf } from '#components/paper/letter/document.ts'
import type { LetterPaper } from '#components/paper/letter/words.ts'
import { answerWork } from '#server/platform/child-worker.ts'

// Runs in a process of its own, which commands/draw-letter.ts starts.

answerWork<LetterPaper, Uint8Array>(async (letter) => new Uint8Array(await letterPdf(letter)))
