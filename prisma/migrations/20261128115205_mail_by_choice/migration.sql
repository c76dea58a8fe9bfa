-- CreateEnum
CREATE TYPE "mail_time" AS ENUM ('at_once', 'morning', 'never');

-- AlterTable
ALTER TABLE "staff_accounts" ADD COLUMN     "quiet_from" SMALLINT,
ADD COLUMN     "quiet_until" SMALLINT;

-- CreateTable
CREATE TABLE "mail_choices" (
    "account_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "choice" "mail_time" NOT NULL,

    CONSTRAINT "mail_choices_pkey" PRIMARY KEY ("account_id","kind")
);

-- AddForeignKey
ALTER TABLE "mail_choices" ADD CONSTRAINT "mail_choices_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "staff_accounts" ADD CONSTRAINT "quiet_hours_are_two" CHECK (
  (quiet_from IS NULL) = (quiet_until IS NULL)
  AND coalesce(quiet_from, 0) BETWEEN 0 AND 23 AND coalesce(quiet_until, 0) BETWEEN 0 AND 23
);
