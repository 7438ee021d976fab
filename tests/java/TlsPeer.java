import java.io.*;
import java.net.*;
import java.nio.file.*;
import java.security.*;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.concurrent.*;
import javax.net.ssl.*;

/**
 * A TLS server and client that does what lines on stdin say; see tests/common/word_peer.rs.
 * The identity comes from a PKCS #12 file under the empty password; the server's name is checked as HTTPS does.
 */
public class TlsPeer {
    private static final char[] EMPTY_PASSWORD = {};
    private static final int PATIENCE_MS = 120_000;
    private static CompletableFuture<String> served;

    public static void main(String[] args) throws Exception {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = commands.readLine()) != null; ) {
            System.out.println(obey(line.split("\t", -1)));
        }
        System.exit(0); // a server that nobody called still waits
    }

    private static String obey(String[] word) throws Exception {
        switch (word[0]) {
            case "serve": return serve(word[3], word[4]);
            case "served": return served.get();
            case "connect": return outcome(() -> connect(Integer.parseInt(word[1]), word[2], word[5], word[6]));
            default: throw new IllegalArgumentException(word[0]);
        }
    }

    private static String serve(String pfx, String trust) throws Exception {
        SSLServerSocket listener = (SSLServerSocket) context(pfx, trust).getServerSocketFactory()
            .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        listener.setNeedClientAuth(true);
        served = CompletableFuture.supplyAsync(() -> outcome(() -> serveOne(listener)), task -> new Thread(task).start());
        return "port\t" + listener.getLocalPort();
    }

    private static String serveOne(SSLServerSocket listener) throws Exception {
        try (listener; SSLSocket socket = (SSLSocket) listener.accept()) {
            socket.setSoTimeout(PATIENCE_MS);
            hear(socket);
            say(socket, "welcome");
            return subjectOfPeer(socket);
        }
    }

    private static String connect(int port, String name, String pfx, String trust) throws Exception {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        // Layered on a plain socket, TLS takes the name that we give for the one that was asked for: no name resolution is needed.
        try (SSLSocket socket = (SSLSocket) context(pfx, trust).getSocketFactory().createSocket(plain, name, port, true)) {
            socket.setSoTimeout(PATIENCE_MS);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            say(socket, "hello");
            hear(socket); // in TLS 1.3 a client learns only now whether the server took its certificate
            return subjectOfPeer(socket);
        }
    }

    private static String subjectOfPeer(SSLSocket socket) throws Exception {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSubjectX500Principal().getName();
    }

    private static void say(SSLSocket socket, String text) throws IOException {
        socket.getOutputStream().write((text + "\n").getBytes());
    }

    private static void hear(SSLSocket socket) throws IOException {
        if (new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine() == null) {
            throw new EOFException("the other end hung up");
        }
    }

    private static SSLContext context(String pfx, String trust) throws Exception {
        KeyManagerFactory identity = KeyManagerFactory.getInstance("PKIX");
        identity.init(keyStore(pfx), EMPTY_PASSWORD);
        TrustManagerFactory anchors = TrustManagerFactory.getInstance("PKIX");
        anchors.init(trustStore(trust));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new Insistent((X509ExtendedKeyManager) identity.getKeyManagers()[0])}, anchors.getTrustManagers(), null);
        return context;
    }

    private static KeyStore keyStore(String pfx) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = pfx.isEmpty() ? null : Files.newInputStream(Path.of(pfx))) {
            store.load(in, EMPTY_PASSWORD);
        }
        return store;
    }

    private static KeyStore trustStore(String pem) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(Path.of(pem))) {
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        return store;
    }

    private static String outcome(Callable<String> attempt) {
        try {
            return "ok\t" + attempt.call();
        } catch (Exception problem) {
            return "refused\t" + problem.toString().replace('\n', ' ');
        }
    }

    /** Offers its certificate even to a server that did not name its CA: a server must refuse it for what it is, not because none came. */
    private static class Insistent extends X509ExtendedKeyManager {
        private final X509ExtendedKeyManager keys;

        Insistent(X509ExtendedKeyManager keys) {
            this.keys = keys;
        }

        @Override public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return keys.chooseClientAlias(keyTypes, null, socket);
        }

        @Override public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return keys.chooseServerAlias(keyType, issuers, socket);
        }

        @Override public String[] getClientAliases(String keyType, Principal[] issuers) {
            return keys.getClientAliases(keyType, null);
        }

        @Override public String[] getServerAliases(String keyType, Principal[] issuers) {
            return keys.getServerAliases(keyType, issuers);
        }

        @Override public X509Certificate[] getCertificateChain(String alias) {
            return keys.getCertificateChain(alias);
        }

        @Override public PrivateKey getPrivateKey(String alias) {
            return keys.getPrivateKey(alias);
        }
    }
}
