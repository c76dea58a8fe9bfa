-- A code to the contact of an objection is of its own kind: it opens no report, and no other code opens an objection.
ALTER TYPE "code_purpose" ADD VALUE 'follow_objection';
