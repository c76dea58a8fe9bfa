-- AlterTable
ALTER TABLE "staff_accounts" ADD COLUMN "roomy" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "staff_snippets" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "staff_snippets_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "staff_snippets_account_id_text_key" ON "staff_snippets"("account_id", "text");

-- AddForeignKey
ALTER TABLE "staff_snippets" ADD CONSTRAINT "staff_snippets_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the schema cannot say.
ALTER TABLE "staff_snippets" ADD CONSTRAINT "a_snippet_has_words" CHECK (text <> '' AND length(text) <= 1000);
