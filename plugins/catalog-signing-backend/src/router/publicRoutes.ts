import { Request, RequestHandler, Response } from 'express';
import { LoggerService } from '@backstage/backend-plugin-api';
import { CatalogPublisher } from '../service/CatalogPublisher';
import {
  LINKSET_TYPE,
  ServedDocument,
  ServedDocuments,
} from '../service/servedDocuments';

const CATALOG_MAX_AGE = 300;
const SPEC_MAX_AGE = 900;
const KEYS_MAX_AGE = 600;

/** RFC 9727 section 3: what HEAD and GET say of the catalog. */
const LINK = [
  '</.well-known/api-catalog>; rel="api-catalog"',
  '<https://www.rfc-editor.org/info/rfc9727>; rel="profile"',
  '</api-catalog/eat.json>; rel="alternate"; type="application/json"',
  '</.well-known/did.json>; rel="describedby"',
].join(', ');

type Representation = 'eat' | 'linkset' | 'general' | 'compact';

const LOCATIONS: Record<Representation, string> = {
  linkset: '/api-catalog/linkset.json',
  eat: '/api-catalog/eat.json',
  compact: '/api-catalog/eat.jws',
  general: '/api-catalog/eat.jws.json',
};

/** Media types that are negotiated at the well-known address. */
const NEGOTIATED: [type: string, representation: Representation][] = [
  ['application/linkset+json', 'linkset'],
  [LINKSET_TYPE, 'linkset'],
  ['application/json', 'eat'],
  ['application/json;charset=utf-8', 'eat'],
  ['application/jose+json', 'general'],
];

/**
 * The higher quality wins, then the more specific range; for clients that accept anything, or nothing of ours, it is the
 * publisher's default.
 */
export function negotiate(
  req: Pick<Request, 'accepts'>,
  fallback: 'eat' | 'linkset',
): Representation {
  const ordered = [...NEGOTIATED].sort(
    ([, a], [, b]) => Number(b === fallback) - Number(a === fallback),
  );
  const type = req.accepts(ordered.map(([accepted]) => accepted));
  return ordered.find(([accepted]) => accepted === type)?.[1] ?? fallback;
}

/** Outcome of a request for the catalog. */
export type CatalogRequestListener = (status: 'success' | 'error') => void;

/**
 * The public documents of a publisher, by the path at the backend's root at which each handler is to be mounted. They need
 * no token and reveal nothing but what is published.
 */
export function publicRoutes(options: {
  publisher: CatalogPublisher;
  logger: LoggerService;
  now?(): Date;
  onCatalogRequest?: CatalogRequestListener;
}): Map<string, RequestHandler> {
  const { publisher, logger, onCatalogRequest } = options;
  const now = options.now ?? (() => new Date());
  let loggedExpiry: number | undefined;

  /** Answers only what is still true. */
  function validDocuments(res: Response): ServedDocuments | undefined {
    const served = publisher.served;
    if (served && now().getTime() < served.exp * 1000) return served;
    if (served && loggedExpiry !== served.seq) {
      loggedExpiry = served.seq;
      logger.error(
        `Statement ${served.seq} of "${publisher.config.id}" has expired and could not be renewed: its catalog is no longer served`,
      );
    }
    res.setHeader('Cache-Control', 'no-store');
    res.setHeader('Retry-After', '30');
    res.status(503).json({
      error: {
        name: 'ServiceUnavailableError',
        code: served ? 'EXPIRED' : 'NOT_PUBLISHED',
        message: served
          ? 'The statement over this catalog has expired. Try again later.'
          : 'Nothing has been published yet. Try again in a moment.',
      },
    });
    return undefined;
  }

  function send(res: Response, document: ServedDocument, maxAge: number) {
    // No transformation: the ETag is strong, and hashes are over these very bytes.
    res.setHeader('Cache-Control', `public, max-age=${maxAge}, no-transform`);
    res.setHeader('ETag', document.etag);
    res.setHeader('Content-Type', document.contentType);
    if (document.signature) {
      res.setHeader('X-JWS-Signature', document.signature);
    }
    // Adds the length, leaves the body out of HEAD, and answers 304 where the client has this ETag.
    res.send(document.body);
  }

  function sendCatalog(
    res: Response,
    served: ServedDocuments,
    representation: Representation,
  ) {
    const left = served.exp - Math.ceil(now().getTime() / 1000);
    res.setHeader('Link', LINK);
    res.setHeader('Content-Location', LOCATIONS[representation]);
    send(
      res,
      served[representation],
      Math.max(0, Math.min(CATALOG_MAX_AGE, left)),
    );
  }

  /** What holds for every public document: methods, CORS, no sniffing. */
  function publicDocument(
    answer: (req: Request, res: Response) => void,
  ): RequestHandler {
    return (req, res) => {
      res.setHeader('Access-Control-Allow-Origin', '*');
      res.removeHeader('Access-Control-Allow-Credentials');
      res.setHeader(
        'Access-Control-Expose-Headers',
        'Content-Location, ETag, Link, X-JWS-Signature',
      );
      res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
      res.setHeader('X-Content-Type-Options', 'nosniff');
      switch (req.method) {
        case 'GET':
        case 'HEAD':
          answer(req, res);
          return;
        case 'OPTIONS':
          res.setHeader('Access-Control-Allow-Methods', 'GET, HEAD, OPTIONS');
          res.setHeader('Access-Control-Allow-Headers', '*');
          res.setHeader('Access-Control-Max-Age', '86400');
          res.setHeader('Allow', 'GET, HEAD, OPTIONS');
          res.status(204).end();
          return;
        default:
          res.setHeader('Allow', 'GET, HEAD, OPTIONS');
          res.status(405).end();
      }
    };
  }

  function notFound(res: Response) {
    res.setHeader('Cache-Control', 'no-store');
    res.status(404).json({
      error: { name: 'NotFoundError', message: 'There is no such document' },
    });
  }

  /** A handler is mounted on a prefix; only the prefix itself is meant. */
  const exactly =
    (answer: (req: Request, res: Response) => void) =>
    (req: Request, res: Response) =>
      req.path === '/' ? answer(req, res) : notFound(res);

  const counted =
    (answer: (req: Request, res: Response) => void) =>
    (req: Request, res: Response) => {
      if (onCatalogRequest) {
        res.once('finish', () =>
          onCatalogRequest(res.statusCode < 400 ? 'success' : 'error'),
        );
      }
      answer(req, res);
    };

  const wellKnown = counted(
    exactly((req, res) => {
      res.vary('Accept');
      const served = validDocuments(res);
      if (!served) return;
      const { defaultRepresentation } = publisher.config;
      sendCatalog(res, served, negotiate(req, defaultRepresentation));
    }),
  );

  const concrete = counted((req, res) => {
    const [representation] =
      (Object.entries(LOCATIONS) as [Representation, string][]).find(
        ([, location]) => location === `/api-catalog${req.path}`,
      ) ?? [];
    if (!representation) {
      notFound(res);
      return;
    }
    const served = validDocuments(res);
    if (served) sendCatalog(res, served, representation);
  });

  const keyDocument = (which: 'did' | 'jwks') =>
    exactly((_req, res) => {
      // Keys are true beyond a statement's end: without them nobody could tell why the old one failed.
      const served = publisher.served;
      if (served) send(res, served[which], KEYS_MAX_AGE);
      else validDocuments(res);
    });

  const specs = (req: Request, res: Response) => {
    const served = publisher.served;
    if (!served) {
      validDocuments(res);
      return;
    }
    // A look into a map, never into a disk: there is nothing to climb out of.
    const document = served.specs.get(req.path.slice(1));
    if (document) send(res, document, SPEC_MAX_AGE);
    else notFound(res);
  };

  return new Map([
    ['/.well-known/api-catalog', publicDocument(wellKnown)],
    ['/api-catalog', publicDocument(concrete)],
    ['/.well-known/did.json', publicDocument(keyDocument('did'))],
    ['/.well-known/jwks.json', publicDocument(keyDocument('jwks'))],
    ['/specs', publicDocument(specs)],
  ]);
}
