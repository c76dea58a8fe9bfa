ALTER TABLE "book_entries" ADD COLUMN "chain" BYTEA;
