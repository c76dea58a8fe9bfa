-- CreateTable
CREATE TABLE "case_numbers" (
    "case_id" UUID NOT NULL,
    "grams" TEXT[],

    CONSTRAINT "case_numbers_pkey" PRIMARY KEY ("case_id")
);

-- CreateIndex
CREATE INDEX "case_numbers_grams_idx" ON "case_numbers" USING GIN ("grams");

-- CreateIndex
CREATE INDEX "queued_orders_imeis_idx" ON "queued_orders" USING GIN ("imeis");

-- Written at once: a search never reads through a list of what is to be put into the index.
ALTER INDEX "case_numbers_grams_idx" SET (fastupdate = off);
ALTER INDEX "queued_orders_imeis_idx" SET (fastupdate = off);

-- AddForeignKey
ALTER TABLE "case_numbers" ADD CONSTRAINT "case_numbers_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Where the application owns the tables, policies bind this migration as well.
SELECT set_config('antam.scope', 'system', true);
INSERT INTO "case_numbers" ("case_id", "grams")
SELECT id, ARRAY(
  SELECT substr(characters, at, 4) FROM generate_series(1, greatest(length(characters) - 3, 0)) AS at ORDER BY at
) FROM (SELECT id, replace(substr(number, 5), '-', '') AS characters FROM "cases") written;
