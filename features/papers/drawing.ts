import '#server-only'
import { renderToBuffer } from '@react-pdf/renderer'
import { posterPaper } from '#features/agencies/paper/poster.ts'
import { decisionLetterPaper } from '#features/cases/paper/decision-letter.ts'
import { phonePaper } from '#features/phones/paper/phone-paper.ts'
import { personalDataPaper } from '#features/privacy/paper/personal-data.ts'
import { codeSheetPaper } from '#features/questionnaires/paper/code-sheet.ts'
import { slipsPaper } from '#features/ratings/paper/slips.ts'
import { receiptPaper } from '#features/reporting/paper/receipt.ts'
import { answerWork } from '#platform/child-worker.ts'
import type { Paper } from './acts.ts'

// Runs in its own process, which acts.ts starts.

function documentOf(paper: Paper) {
  switch (paper.kind) {
    case 'receipt':
      return receiptPaper(paper.props)
    case 'personal_data':
      return personalDataPaper(paper.props)
    case 'decision_letter':
      return decisionLetterPaper(paper.props)
    case 'phone':
      return phonePaper(paper.props)
    case 'poster':
      return posterPaper(paper.props)
    case 'code_sheet':
      return codeSheetPaper(paper.props)
    case 'slips':
      return slipsPaper(paper.props)
  }
}

answerWork<Paper, Uint8Array>(async (paper) => new Uint8Array(await renderToBuffer(documentOf(paper))))
