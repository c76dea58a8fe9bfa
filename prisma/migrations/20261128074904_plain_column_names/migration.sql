-- Columns take the words that their readers would look for: no row changes.
ALTER TABLE "carriers" RENAME COLUMN "listed" TO "blocklist_size";
ALTER TABLE "case_imeis" RENAME COLUMN "listed" TO "is_public";
ALTER INDEX "listed_imeis" RENAME TO "public_imeis";
ALTER TABLE "case_imports" RENAME COLUMN "gone" TO "processed";
ALTER TABLE "case_imports" RENAME COLUMN "passed" TO "skipped_rows";
ALTER TABLE "order_releases" RENAME COLUMN "wish" TO "requested_outcome";
ALTER TABLE "order_releases" RENAME CONSTRAINT "wish_is_an_end" TO "requested_outcome_is_an_end";
