# The production image: web, worker, beat and migrations are the same image with different commands.

FROM node:22-slim AS front-end
WORKDIR /front-end
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/agenda/.venv/bin:$PATH
WORKDIR /agenda
COPY requirements-bootstrap.txt requirements.txt ./
RUN python -m venv .venv \
    && pip install --no-cache-dir --require-hashes -r requirements-bootstrap.txt \
    && uv pip sync --no-cache --python .venv/bin/python --require-hashes requirements.txt
COPY --from=front-end /front-end/node_modules node_modules
COPY . .
# Only this step needs settings; the values of production come with the container.
RUN python scripts/messages.py compile \
    && IVP_PRODUCTION=1 IVP_NO_SERVICES=1 IVP_SECRET_KEY=build-only IVP_VAULT_KEYS=build:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= \
       python manage.py collectstatic --noinput --verbosity 0 \
    && useradd --system --uid 10001 agenda \
    && mkdir -p var/run var/beat \
    && chown -R agenda var/run var/beat
USER agenda
EXPOSE 8000
# How many workers, which gunicorn reads by this name: one for each core.
ENV WEB_CONCURRENCY=3
CMD ["gunicorn", "ivp_study.wsgi", "--preload", "--bind", "0.0.0.0:8000", "--threads", "4", "--max-requests", "2000", "--max-requests-jitter", "200"]
