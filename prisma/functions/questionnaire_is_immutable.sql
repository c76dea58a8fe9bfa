-- Refuses to change a published questionnaire: it is retired once, or a trial adopted once and retired later.
CREATE OR REPLACE FUNCTION questionnaire_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  decided CONSTANT text[] := ARRAY['retired_at', 'adopted_at', 'decision_vi', 'decision_en'];
BEGIN
  IF OLD.published_at IS NULL THEN
    RETURN coalesce(NEW, OLD);
  END IF;
  IF TG_OP = 'DELETE' OR OLD.retired_at IS NOT NULL
    OR (to_jsonb(NEW) - decided) <> (to_jsonb(OLD) - decided)
    OR (OLD.adopted_at IS NOT NULL AND (to_jsonb(NEW) - 'retired_at') <> (to_jsonb(OLD) - 'retired_at')) THEN
    RAISE EXCEPTION 'questionnaire % is published: it cannot change', OLD.version
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER "questionnaires_immutable" BEFORE UPDATE OR DELETE ON "questionnaires"
  FOR EACH ROW EXECUTE FUNCTION questionnaire_is_immutable();
