"""Run the migrations on the connection that `gradus.learner.database` hands over, in one transaction."""

from alembic import context

from gradus.learner.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
