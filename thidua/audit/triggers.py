"""SQL that makes the database itself refuse a change, on SQLite and PostgreSQL.

Code can forget a rule; these triggers hold even against a careless `update()` or a console.
Used by migrations of any area: `operations = [guard("audit_entry", ...)]`.
"""

from collections.abc import Iterable

from django.db import router
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import ProjectState, StateApps

EVENTS = ("UPDATE", "DELETE", "INSERT")
NO_MODELS = StateApps([], {})


def create_trigger_sql(
    vendor: str, table: str, event: str, message: str, when: str = "", name: str = ""
) -> list[str]:
    """Statements that refuse `event` on a row of `table` where `when` holds.

    `when` is an SQL condition over OLD (or NEW on INSERT); subqueries are allowed.
    """
    if event not in EVENTS:
        raise ValueError(event)
    trigger = name or f"{table}_no_{event.lower()}"
    said = message.replace("'", "''")
    if vendor == "sqlite":
        condition = f" WHEN {when}" if when else ""
        return [
            f'CREATE TRIGGER "{trigger}" BEFORE {event} ON "{table}" FOR EACH ROW{condition} '
            f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
        ]
    # PostgreSQL allows no subquery in a trigger's WHEN, so the condition goes into the function.
    test = when or "TRUE"
    answer = "OLD" if event == "DELETE" else "NEW"
    return [
        f'CREATE OR REPLACE FUNCTION "{trigger}_fn"() RETURNS trigger LANGUAGE plpgsql AS $$ '
        f"BEGIN IF {test} THEN RAISE EXCEPTION '{said}' USING ERRCODE = 'check_violation'; "
        f"END IF; RETURN {answer}; END $$",
        f'CREATE TRIGGER "{trigger}" BEFORE {event} ON "{table}" '
        f'FOR EACH ROW EXECUTE FUNCTION "{trigger}_fn"()',
    ]


def drop_trigger_sql(vendor: str, table: str, event: str, name: str = "") -> list[str]:
    """Statements that undo `create_trigger_sql`."""
    trigger = name or f"{table}_no_{event.lower()}"
    if vendor == "sqlite":
        return [f'DROP TRIGGER IF EXISTS "{trigger}"']
    return [
        f'DROP TRIGGER IF EXISTS "{trigger}" ON "{table}"',
        f'DROP FUNCTION IF EXISTS "{trigger}_fn"()',
    ]


class SqlOnly(RunPython):
    """Code that asks for no model. RunPython builds all models of the project anew for its code,
    which was most of the time of a first start."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if router.allow_migrate(schema_editor.connection.alias, app_label, **self.hints):
            self.code(NO_MODELS, schema_editor)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if self.reverse_code is None:
            raise NotImplementedError
        if router.allow_migrate(schema_editor.connection.alias, app_label, **self.hints):
            self.reverse_code(NO_MODELS, schema_editor)


def guard(
    table: str, events: Iterable[str], message: str, when: str = "", name: str = ""
) -> SqlOnly:
    """A migration operation: refuse `events` on `table` where `when` holds."""
    chosen = tuple(events)

    def run(editor: BaseDatabaseSchemaEditor, statements: list[str]) -> None:
        for statement in statements:
            # `%` must reach the database as it is, hence no parameters.
            editor.execute(statement, params=None)

    def label(event: str) -> str:
        return f"{name}_{event.lower()}" if name else ""

    def forwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for event in chosen:
            run(
                editor,
                create_trigger_sql(
                    editor.connection.vendor, table, event, message, when, label(event)
                ),
            )

    def backwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for event in chosen:
            run(editor, drop_trigger_sql(editor.connection.vendor, table, event, label(event)))

    return SqlOnly(forwards, backwards)
