-- Tells whether two people each looked at the evidence, found a number on it and so had it blocked: in this case or, if the block
-- passed to it, in the case that it stands on (`follow_block`).
CREATE OR REPLACE FUNCTION agreed_by_two(p_case uuid, p_key14 text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM proof_check_imeis found
      JOIN proof_checks second ON second.case_id = found.case_id AND second.seq = found.seq
      JOIN proof_check_imeis earlier
        ON earlier.case_id = found.case_id AND earlier.key14 = found.key14 AND earlier.seq < found.seq
      JOIN proof_checks first ON first.case_id = earlier.case_id AND first.seq = earlier.seq
    WHERE found.key14 = p_key14::char(14) AND found.answer = 'yes' AND earlier.answer = 'yes'
      AND (first.move, second.move) IN (('verify', 'approve'), ('hold', 'confirm_hold'), ('verify_imeis', 'approve_imeis'))
      AND first.account_id <> second.account_id
      AND found.case_id IN (p_case, (SELECT agreed_in_id FROM case_imeis WHERE case_id = p_case AND key14 = p_key14::char(14)))
  )
$$;
