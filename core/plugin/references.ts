/** An image's name, read: Docker Hub's host and `library/` are filled in, as is nothing else. */
export interface NamedImage {
  /** Canonical, such as `docker.io/library/nginx`. */
  repository: string;
  tag?: string;
  digest?: string;
}

/**
 * The grammar of image references, as Docker, containerd and the kubelet share it, handed to plugins so that they have none of
 * their own.
 */
export interface References {
  /** A reference as people write it; undefined where it is none. */
  parse(text: string): NamedImage | undefined;
  /** Whether a reference can begin with this host: what is none is read as a part of a Docker Hub repository. */
  isHost(text: string): boolean;
  /** Whether a text can be a repository's path at a host. */
  isPath(text: string): boolean;
  isTag(text: string): boolean;
  isDigest(text: string): boolean;
  /** Whether a tag belongs to a signature, an attestation or a bill of materials of another image. */
  isSignatureTag(tag: string): boolean;
  /** The canonical name of a repository: `docker.io/library/nginx` of `docker.io` and `nginx`. */
  repositoryAt(host: string, path: string): string;
}
