-- A code that lets a trusted person in is of its own kind: it opens no list and no report.
ALTER TYPE "code_purpose" ADD VALUE 'report_for';
