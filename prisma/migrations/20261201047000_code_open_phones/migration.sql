-- A code that opens a list of phones is of its own kind: it opens no report, and no other code opens the list.
ALTER TYPE "code_purpose" ADD VALUE 'open_phones';
