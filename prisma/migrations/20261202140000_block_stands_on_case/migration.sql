-- accepted: whole-table: only the numbers of blocks that passed to another case, a few in all
ALTER TABLE "case_imeis" ADD COLUMN "agreed_in_id" UUID;

-- A block that has passed stands on the newest two people who found the number in another case.
UPDATE "case_imeis" i SET "agreed_in_id" = (
  SELECT found."case_id" FROM "proof_check_imeis" found
    JOIN "proof_checks" second ON second."case_id" = found."case_id" AND second."seq" = found."seq"
  WHERE found."key14" = i."key14" AND found."answer" = 'yes' AND found."case_id" <> i."case_id"
    AND second."move" IN ('approve', 'confirm_hold', 'approve_imeis')
  ORDER BY second."decided_at" DESC LIMIT 1)
FROM "cases" c
WHERE c."id" = i."case_id" AND c."block_from_id" IS NOT NULL AND i."is_public";
